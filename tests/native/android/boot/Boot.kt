package dev.bgsync.boot

import android.app.Application
import android.content.res.Resources
import org.junit.Test
import org.junit.runner.JUnitCore
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.net.URLClassLoader

/**
 * One JVM for all suites: each line on stdin names a file with the Android level, the class whose `run(Array<String>)` is
 * the suite, the version of androidx.work, its class path, that of the suite and its arguments, one a line. The generated
 * package and its tests are loaded anew for each, on top of androidx.work in that version, and that on Robolectric's sandbox
 * of that level, which are kept.
 */
fun main() {
    generateSequence(::readLine).forEach { file ->
        System.setProperty(JOB, file)
        val (level, _, work) = File(file).readLines()
        System.setProperty(WORK, work)
        val result = JUnitCore().run(Class.forName("dev.bgsync.boot.OnApi$level"))
        for (failure in result.failures) println("ERROR ${failure.exception}\n${failure.trace}")
        println("$END ${if (result.wasSuccessful()) 0 else 1}")
    }
    // Threads of the sandboxes would keep the JVM.
    Runtime.getRuntime().halt(0)
}

private const val JOB = "bgsync.job"
private const val WORK = "bgsync.work"
private const val END = "BGSYNC-SUITE-END"

/** Of one sandbox: androidx.work by its class path. */
private object Libraries {
    private val loaders = HashMap<String, ClassLoader>()

    fun of(
        classPath: String,
        sandbox: ClassLoader,
    ): ClassLoader = loaders.getOrPut(classPath) { loader(classPath, sandbox) }

    fun loader(
        classPath: String,
        parent: ClassLoader,
    ) = URLClassLoader(classPath.split(':').map { File(it).toURI().toURL() }.toTypedArray(), parent)
}

@RunWith(RobolectricTestRunner::class)
abstract class Sandboxed {
    @Test
    fun run() {
        val (suite, _, work, classPath, arguments) = (File(System.getProperty(JOB)).readLines() + "").drop(1)
        val loader = Libraries.loader(classPath, Libraries.of(work, javaClass.classLoader))
        try {
            loader.loadClass(suite).getMethod("run", Array<String>::class.java).invoke(null, arguments.split(':').toTypedArray())
        } catch (error: java.lang.reflect.InvocationTargetException) {
            throw error.targetException
        }
    }
}

/** The resources of androidx.work, which no aapt2 has compiled here: booleans that are all false. */
class SandboxApplication : Application() {
    override fun getResources(): Resources {
        val base = super.getResources()
        @Suppress("DEPRECATION")
        return object : Resources(base.assets, base.displayMetrics, base.configuration) {
            override fun getBoolean(id: Int): Boolean = false
        }
    }
}

@Config(sdk = [24], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi24 : Sandboxed()

@Config(sdk = [26], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi26 : Sandboxed()

@Config(sdk = [31], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi31 : Sandboxed()

@Config(sdk = [34], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi34 : Sandboxed()

@Config(sdk = [35], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi35 : Sandboxed()

@Config(sdk = [36], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi36 : Sandboxed()

@Config(sdk = [37], application = SandboxApplication::class, manifest = Config.NONE, shadows = [PlayedJobService::class, PlayedJobScheduler::class])
class OnApi37 : Sandboxed()
