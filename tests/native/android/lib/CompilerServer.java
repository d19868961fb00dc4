import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One Kotlin compiler kept warm. Each line on stdin names a file with one argument a line; the compiler's output is
 * written to that file with ".out" added, its exit code printed.
 */
public final class CompilerServer {
  public static void main(String[] args) throws Exception {
    Class<?> compiler = Class.forName("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
    var exec = compiler.getMethod("exec", PrintStream.class, String[].class);
    var input = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = input.readLine()) != null; ) {
      var output = new ByteArrayOutputStream();
      var arguments = Files.readAllLines(Path.of(line)).toArray(String[]::new);
      Object code = exec.invoke(compiler.getDeclaredConstructor().newInstance(), new PrintStream(output), arguments);
      Files.write(Path.of(line + ".out"), output.toByteArray());
      System.out.println(code);
    }
  }
}
