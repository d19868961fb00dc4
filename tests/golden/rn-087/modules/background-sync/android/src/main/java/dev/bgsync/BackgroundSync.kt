package dev.bgsync

import com.facebook.react.ReactHost

/** What an app may set in its native code. */
object BackgroundSync {
    /**
     * The app's React host, for an Application that is no ReactApplication: set it in `Application.onCreate`. Called on the
     * main thread, each time that a run needs the host; null means that there is none yet.
     */
    @Volatile
    var hostProvider: (() -> ReactHost?)? = null
}
