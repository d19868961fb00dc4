import groovy.lang.Binding;
import groovy.lang.Closure;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyObjectSupport;
import groovy.lang.MissingPropertyException;
import groovy.lang.Script;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Evaluates a build.gradle by Groovy itself, with stand-ins for what Gradle gives a script, and prints what the script
 * asks for, one call or assignment a line. Each line on stdin is a case: the script, then key=value: agp, builtInKotlin,
 * rootKotlin, ext.*, between tabs. After each case a line says so.
 */
public final class GradleRecorder {
  private static final Map<String, String> CASE = new TreeMap<>();

  private static Object call(Closure<?> closure, Object delegate) {
    closure.setDelegate(delegate);
    closure.setResolveStrategy(Closure.DELEGATE_FIRST);
    return closure.call();
  }

  /** A block of the DSL: every call and assignment in it is recorded. */
  static final class Block extends GroovyObjectSupport {
    private final String path;

    Block(String path) {
      this.path = path;
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
      var list = Arrays.asList((Object[]) arguments);
      var last = list.isEmpty() ? null : list.get(list.size() - 1);
      if (last instanceof Closure<?> closure) {
        GradleRecorder.call(closure, new Block(path + "." + name));
      } else if (name.equals("fromHost") || name.equals("call")) {
        throw new groovy.lang.MissingMethodException(name, Block.class, (Object[]) arguments);
      } else {
        System.out.println(path + "." + name + list);
      }
      return null;
    }

    @Override
    public Object getProperty(String name) {
      throw new MissingPropertyException(name, Block.class);
    }

    @Override
    public void setProperty(String name, Object value) {
      System.out.println(path + "." + name + " = " + value);
    }
  }

  public static final class Ext {
    public boolean has(String name) {
      return CASE.containsKey("ext." + name);
    }

    public Object get(String name) {
      return CASE.get("ext." + name);
    }
  }

  /** The parts of the root project that the script asks, in Gradle's shape. */
  public static final class Root {
    public final Ext ext = new Ext();

    public Map<String, Object> getBuildscript() {
      var modules = "true".equals(CASE.get("rootKotlin")) ? List.of("gradle", "kotlin-gradle-plugin") : List.of("gradle");
      var components = modules.stream().map(name -> Map.of("moduleVersion", Map.of("name", name))).toList();
      return Map.of("configurations", new Configurations(Map.of("allComponents", components)));
    }
  }

  public record Configurations(Map<String, Object> result) {
    public Object getByName(String name) {
      if (!name.equals("classpath")) throw new IllegalArgumentException(name);
      return Map.of("incoming", Map.of("resolutionResult", result));
    }
  }

  public abstract static class Project extends Script {
    public Root getRootProject() {
      return new Root();
    }

    public Object findProperty(String name) {
      return name.equals("android.builtInKotlin") ? CASE.get("builtInKotlin") : null;
    }

    public void apply(Map<String, Object> what) {
      System.out.println("apply" + what);
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
      var list = (Object[]) arguments;
      if (list.length == 1 && list[0] instanceof Closure<?> closure) return GradleRecorder.call(closure, new Block(name));
      return super.invokeMethod(name, arguments);
    }
  }

  public static void main(String[] args) throws Exception {
    var cases = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = cases.readLine()) != null; ) {
      evaluate(line.split("\t"));
      System.out.println("end of case");
    }
  }

  private static void evaluate(String[] parts) throws Exception {
    CASE.clear();
    for (String pair : Arrays.asList(parts).subList(1, parts.length)) {
      CASE.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    var configuration = new org.codehaus.groovy.control.CompilerConfiguration();
    configuration.setScriptBaseClass(Project.class.getName());
    var loader = new GroovyClassLoader(GradleRecorder.class.getClassLoader(), configuration);
    // What the Android and Kotlin plugins bring to the script's class path.
    loader.parseClass(
        "package com.android; class Version { static final String ANDROID_GRADLE_PLUGIN_VERSION = '" + CASE.get("agp") + "' }");
    loader.parseClass("package org.jetbrains.kotlin.gradle.dsl; enum JvmTarget { JVM_17 }");
    loader.parseClass("package org.gradle.api; enum JavaVersion { VERSION_17 }");
    // Gradle's default imports.
    var script = "import org.gradle.api.*;" + Files.readString(Path.of(parts[0]));
    var instance = (Script) loader.parseClass(script, "build.gradle").getDeclaredConstructor().newInstance();
    instance.setBinding(new Binding());
    instance.run();
  }
}
