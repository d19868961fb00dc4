package dev.bgsync

import com.facebook.react.BaseReactPackage
import com.facebook.react.bridge.NativeModule
import com.facebook.react.bridge.ReactApplicationContext
import com.facebook.react.module.model.ReactModuleInfo
import com.facebook.react.module.model.ReactModuleInfoProvider

/** Autolinking finds this class and adds it to the app's package list. */
class BackgroundSyncPackage : BaseReactPackage() {
    override fun getModule(
        name: String,
        reactContext: ReactApplicationContext,
    ): NativeModule? = if (name == RetirementModule.NAME) RetirementModule(reactContext) else null

    override fun getReactModuleInfoProvider(): ReactModuleInfoProvider =
        ReactModuleInfoProvider {
            val name = RetirementModule.NAME
            // By position, since React Native renamed these parameters: override, eager, C++, turbo. An eager module is made
            // when React starts, without a line of JavaScript.
            mapOf(name to ReactModuleInfo(name, RetirementModule::class.java.name, false, true, false, true))
        }
}
