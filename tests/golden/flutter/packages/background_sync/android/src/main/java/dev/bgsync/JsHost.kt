package dev.bgsync

/** Where the app's Dart runs in the background. */
internal interface JsHost {
    /** Always: Flutter is in the app. */
    suspend fun isAvailable(): Boolean

    /** True once Dart can be called. */
    suspend fun isRunning(): Boolean

    /**
     * Boots the host; joins a boot that is under way.
     *
     * @return false where it is not up within the limit
     * @throws Exception the host's own error, where it has one
     */
    suspend fun boot(limitMillis: Long): Boolean

    /** Keeps the host until [block] ends. */
    suspend fun <T> withTimers(block: suspend () -> T): T
}
