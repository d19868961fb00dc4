import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Copies the framework, and what says when a service may start, out of android-all, which also carries a Kotlin standard library and copies of androidx: the
 * first would shadow the compiler's own, the second would make up for what a host's class path does not have.
 */
public final class Framework {
  private static final int JAVA_17 = 61;

  public static void main(String[] args) throws Exception {
    try (var all = new JarFile(Path.of(args[0]).toFile());
        var out = new JarOutputStream(java.nio.file.Files.newOutputStream(Path.of(args[1])))) {
      out.setLevel(1);
      for (var entries = all.entries(); entries.hasMoreElements(); ) {
        var entry = entries.nextElement();
        var name = entry.getName();
        if (!name.endsWith(".class") || !name.matches("(android|dalvik|org/json|libcore|com/android/internal)/.*|com/android/server/am/Activ(eServices|ityManagerConstants)[.]class")) continue;
        out.putNextEntry(new ZipEntry(name));
        try (var input = all.getInputStream(entry)) {
          var bytes = input.readAllBytes();
          // Compiled for Java 21: as far as the tests run it, JDK 17 runs it too.
          bytes[7] = (byte) Math.min(bytes[7], JAVA_17);
          out.write(bytes);
        }
      }
    }
  }
}
