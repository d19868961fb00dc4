package dev.bgsync

import android.util.Log
import org.json.JSONException
import org.json.JSONObject
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile

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

    /** Whether the ring tells the end of [run]: a state file that could not be written may still call it open. */
    @Synchronized
    fun hasEnded(run: String): Boolean =
        listOf(previous, current)
            .flatMap { it.readTextOr { return false }.orEmpty().lines() }
            .any { "\"ev\":\"run.end\"" in it && "\"run\":\"$run\"" in it && isWhole(it.removePrefix(SyncEvent.MARKER)) }

    private fun append(line: String) {
        directory.mkdirs()
        if (current.length() > SEGMENT_BYTES) {
            previous.delete()
            current.renameTo(previous)
        }
        val separator = if (isTorn()) "\n" else ""
        current.appendText("$separator$line\n", Charsets.US_ASCII)
    }

    /** A process that died, or a disk that was full, left half a line: it must not swallow the next one. */
    private fun isTorn(): Boolean {
        if (current.length() == 0L) return false
        return RandomAccessFile(current, "r").use {
            it.seek(it.length() - 1)
            it.read() != '\n'.code
        }
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
