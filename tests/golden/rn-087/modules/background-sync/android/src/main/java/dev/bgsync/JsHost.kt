package dev.bgsync

/** The app's React Native instance, with or without an Activity. It is never stopped here: the app may be using it. */
internal interface JsHost {
    /** False where the Application has no React host to offer. */
    suspend fun isAvailable(): Boolean

    /** True once JavaScript can be called. */
    suspend fun isRunning(): Boolean

    /**
     * Boots the host; joins a boot that is under way.
     *
     * @return false where it is not up within the limit
     * @throws Exception the host's own error, where it has one
     */
    suspend fun boot(limitMillis: Long): Boolean

    /** Lets JavaScript's timers tick in the background until [block] ends. */
    suspend fun <T> withTimers(block: suspend () -> T): T
}
