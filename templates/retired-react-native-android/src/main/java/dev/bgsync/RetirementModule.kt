package dev.bgsync

import com.facebook.react.bridge.BaseJavaModule
import com.facebook.react.bridge.ReactApplicationContext
import com.facebook.react.turbomodule.core.interfaces.TurboModule

/** Nothing that JavaScript could call: React Native makes it when the app starts, and that is all it is for. */
class RetirementModule(
    context: ReactApplicationContext,
) : BaseJavaModule(context),
    TurboModule {
    init {
        Retirement.cancel(context)
    }

    override fun getName(): String = NAME

    companion object {
        /** Not the name of the module that there was: JavaScript must find none. */
        const val NAME = "BackgroundSyncRetirement"
    }
}
