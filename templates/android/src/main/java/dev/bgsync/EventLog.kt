package dev.bgsync

import android.util.Log
import org.json.JSONException
import org.json.JSONObject
import java.io.File
import java.io.IOException

/**
 * Writes each event to logcat and to a ring of two files, which hold at least the last [SEGMENT_BYTES] of lines: what
 * happened while nobody listened. Any thread may write.
 *
 * @param print where a line goes besides the ring
 */
internal class EventLog(
    private val directory: File,
    private val clock: Clock,
    private val pid: Int,
    private val print: (String) -> Unit = { Log.i(BackgroundSyncConfig.LOG_TAG, it) },
) {
    private val current = File(directory, "events.jsonl")
    private val previous = File(directory, "events.previous.jsonl")
    private var seq = 0L

    @Synchronized
    fun write(event: SyncEvent) {
        val line = event.encode(++seq, clock.now(), pid)
        print(line)
        try {
            append(line)
        } catch (error: IOException) {
            // A full disk must not stop a sync: logcat has the line.
            Log.w(BackgroundSyncConfig.LOG_TAG, "The event ring could not be written", error)
        }
    }

    /** The last [limit] events as a JSON array, newest last. */
    @Synchronized
    fun history(limit: Int): String =
        listOf(previous, current)
            .filter(File::exists)
            .flatMap { it.readLines(Charsets.US_ASCII) }
            .map { it.removePrefix(SyncEvent.MARKER) }
            .filter(::isWhole)
            .takeLast(limit.coerceAtLeast(0))
            .joinToString(",", "[", "]")

    private fun append(line: String) {
        directory.mkdirs()
        if (current.length() > SEGMENT_BYTES) {
            previous.delete()
            current.renameTo(previous)
        }
        // Only the first write of a process can find a line that the last process left half written.
        val separator = if (seq == 1L && current.length() > 0) "\n" else ""
        current.appendText("$separator$line\n", Charsets.US_ASCII)
    }

    private fun isWhole(line: String): Boolean =
        try {
            line.isNotEmpty() && JSONObject(line).length() > 0
        } catch (_: JSONException) {
            false
        }

    private companion object {
        const val SEGMENT_BYTES = 200_000L
    }
}
