import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * One JVM kept warm for many runs of tools. Each line on stdin names a file with a tool and its arguments, one a line; what
 * the tool says is written to that file with ".out" added, and `OK`, or what it ended with, is printed after a mark. A tool
 * is one of the JDK by its name, or `class#method` of the class path, which takes the arguments, or a stream for what it
 * says and them.
 */
public final class ToolServer {
  private static final PrintStream ANSWERS = System.out;

  /** The JVM itself may say something, too. */
  private static final String END = "BGSYNC-TOOL-END ";

  public static void main(String[] args) throws Exception {
    var input = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = input.readLine()) != null; ) {
      var job = Path.of(line);
      var said = new ByteArrayOutputStream();
      var output = new PrintStream(said, true);
      System.setOut(output);
      System.setErr(output);
      // Some tools end their JVM where they fail.
      var ending = new Thread(() -> write(job, said));
      Runtime.getRuntime().addShutdownHook(ending);
      var parts = Files.readAllLines(job);
      var answer = run(parts.get(0), parts.subList(1, parts.size()), output);
      Runtime.getRuntime().removeShutdownHook(ending);
      write(job, said);
      ANSWERS.println(END + answer);
    }
    // A tool may have left threads.
    Runtime.getRuntime().halt(0);
  }

  private static void write(Path job, ByteArrayOutputStream said) {
    try {
      Files.write(Path.of(job + ".out"), said.toByteArray());
    } catch (java.io.IOException error) {
      throw new java.io.UncheckedIOException(error);
    }
  }

  private static String run(String tool, List<String> arguments, PrintStream output) {
    try {
      var result = tool.contains("#") ? call(tool.split("#"), arguments, output) : byName(tool, arguments, output);
      return result == null || result.equals(0) ? "OK" : result.toString();
    } catch (Throwable error) {
      var cause = error instanceof InvocationTargetException ? error.getCause() : error;
      cause.printStackTrace(output);
      return cause.getClass().getSimpleName();
    }
  }

  private static Object byName(String tool, List<String> arguments, PrintStream output) {
    return ToolProvider.findFirst(tool).orElseThrow().run(output, output, arguments.toArray(String[]::new));
  }

  private static Object call(String[] tool, List<String> arguments, PrintStream output) throws Exception {
    var type = Class.forName(tool[0]);
    for (var method : type.getMethods()) {
      var takes = List.of(method.getParameterTypes());
      if (!method.getName().equals(tool[1]) || takes.isEmpty() || takes.get(takes.size() - 1) != String[].class) continue;
      var isStatic = java.lang.reflect.Modifier.isStatic(method.getModifiers());
      var on = isStatic ? null : type.getDeclaredConstructor().newInstance();
      var list = arguments.toArray(String[]::new);
      if (takes.size() == 1) return method.invoke(on, (Object) list);
      if (takes.size() == 2 && takes.get(0) == PrintStream.class) return method.invoke(on, output, list);
    }
    throw new NoSuchMethodException(String.join("#", tool));
  }
}
