package dev.bgsync.tests

import com.facebook.react.bridge.Callback
import com.facebook.react.bridge.CatalystInstance
import com.facebook.react.bridge.JavaScriptContextHolder
import com.facebook.react.bridge.JavaScriptModule
import com.facebook.react.bridge.NativeModule
import com.facebook.react.bridge.ReactApplicationContext
import com.facebook.react.bridge.RuntimeExecutor
import com.facebook.react.bridge.UIManager
import com.facebook.react.turbomodule.core.interfaces.CallInvokerHolder

/** A React context of which only the question whether JavaScript can be called has an answer. */
@Suppress("DEPRECATION", "OVERRIDE_DEPRECATION")
class FakeReactContext(
    private val isActive: () -> Boolean,
) : ReactApplicationContext(TestContext) {
    override fun hasActiveReactInstance() = isActive()

    override fun <T : JavaScriptModule> getJSModule(jsInterface: Class<T>): T = unexpected()

    override fun <T : NativeModule> hasNativeModule(nativeModuleInterface: Class<T>): Boolean = unexpected()

    override fun getNativeModules(): Collection<NativeModule> = unexpected()

    override fun <T : NativeModule> getNativeModule(nativeModuleInterface: Class<T>): T? = unexpected()

    override fun getNativeModule(moduleName: String): NativeModule? = unexpected()

    override fun getCatalystInstance(): CatalystInstance = unexpected()

    override fun hasActiveCatalystInstance(): Boolean = unexpected()

    override fun hasCatalystInstance(): Boolean = unexpected()

    override fun hasReactInstance(): Boolean = unexpected()

    override fun getRuntimeExecutor(): RuntimeExecutor? = null

    override fun destroy() = unexpected<Unit>()

    override fun handleException(e: Exception) = unexpected<Unit>()

    override fun isBridgeless(): Boolean = true

    override fun getJavaScriptContextHolder(): JavaScriptContextHolder? = null

    override fun getJSCallInvokerHolder(): CallInvokerHolder? = null

    override fun getFabricUIManager(): UIManager? = null

    override fun getSourceURL(): String? = null

    override fun registerSegment(
        segmentId: Int,
        path: String,
        callback: Callback,
    ) = unexpected<Unit>()

    private fun <T> unexpected(): T = error("not expected of the generated code")
}
