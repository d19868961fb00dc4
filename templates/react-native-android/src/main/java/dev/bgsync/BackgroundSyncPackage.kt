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
    ): NativeModule? = if (name == BackgroundSyncModule.NAME) BackgroundSyncModule(reactContext) else null

    override fun getReactModuleInfoProvider(): ReactModuleInfoProvider =
        ReactModuleInfoProvider {
            val name = BackgroundSyncModule.NAME
            // By position, since React Native renamed these parameters: override, eager, C++, turbo.
            mapOf(name to ReactModuleInfo(name, BackgroundSyncModule::class.java.name, false, false, false, true))
        }
}
