import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Looks for a worker in a shrunk app as androidx.work's WorkerFactory does, by the class name that the database holds and
 * the parameters of the constructor. Prints what is missing; nothing where the worker can be made.
 * Arguments: the worker's class, then the jars.
 */
public final class Constructible {
  public static void main(String[] args) throws Exception {
    var jars = new ArrayList<URL>();
    for (int index = 1; index < args.length; index++) jars.add(Path.of(args[index]).toUri().toURL());
    try (var loader = new URLClassLoader(jars.toArray(URL[]::new))) {
      var worker = Class.forName(args[0], false, loader);
      var context = Class.forName("android.content.Context", false, loader);
      var parameters = Class.forName("androidx.work.WorkerParameters", false, loader);
      var constructor = worker.getDeclaredConstructor(context, parameters);
      if (!Modifier.isPublic(constructor.getModifiers()) || !Modifier.isPublic(worker.getModifiers()))
        System.out.println(worker.getName() + " is not public");
      if (Modifier.isAbstract(worker.getModifiers())) System.out.println(worker.getName() + " is abstract");
    } catch (ClassNotFoundException | NoSuchMethodException missing) {
      System.out.println(missing);
    }
  }
}
