import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Looks for a worker in shrunk apps as androidx.work's WorkerFactory does, by the class name that the database holds and the
 * parameters of the constructor. Prints a line for each: what is missing; nothing where the worker can be made.
 * Arguments: the worker's class, then the class path of each app.
 */
public final class Constructible {
  public static void main(String[] args) throws Exception {
    for (int index = 1; index < args.length; index++) System.out.println(missing(args[0], args[index]));
  }

  private static String missing(String name, String classPath) throws Exception {
    var jars = new ArrayList<URL>();
    for (var path : classPath.split(":")) jars.add(Path.of(path).toUri().toURL());
    try (var loader = new URLClassLoader(jars.toArray(URL[]::new))) {
      var worker = Class.forName(name, false, loader);
      var context = Class.forName("android.content.Context", false, loader);
      var parameters = Class.forName("androidx.work.WorkerParameters", false, loader);
      var constructor = worker.getDeclaredConstructor(context, parameters);
      if (!Modifier.isPublic(constructor.getModifiers()) || !Modifier.isPublic(worker.getModifiers()))
        return worker.getName() + " is not public";
      return Modifier.isAbstract(worker.getModifiers()) ? worker.getName() + " is abstract" : "";
    } catch (ClassNotFoundException | NoSuchMethodException missing) {
      return missing.toString();
    }
  }
}
