package dev.bgsync

import org.json.JSONObject

/** One event line. What is null is left out. Times are epoch milliseconds, durations milliseconds. */
internal data class SyncEvent(
    val name: String,
    val run: String? = null,
    val task: String? = null,
    val trigger: String? = null,
    val attempt: Int? = null,
    val millis: Long? = null,
    val outcome: Outcome? = null,
    val remaining: Int? = null,
    val done: Int? = null,
    val total: Int? = null,
    val next: Long? = null,
    val why: String? = null,
    val message: String? = null,
    val device: DeviceState? = null,
) {
    /**
     * At most [MAX_LINE_BYTES] long and pure ASCII, so that characters are bytes and nothing in a message can end the
     * line. A message that does not fit is shortened, and `cut` says so.
     */
    fun encode(
        seq: Long,
        timestamp: Long,
        pid: Int,
    ): String {
        val whole = line(seq, timestamp, pid, message, cut = false)
        if (message == null || whole.length <= MAX_LINE_BYTES) return whole
        var fits = 0
        var tooLong = minOf(message.length, MAX_LINE_BYTES) + 1
        while (tooLong - fits > 1) {
            val middle = (fits + tooLong) / 2
            val line = line(seq, timestamp, pid, message.takeCharacters(middle), cut = true)
            if (line.length <= MAX_LINE_BYTES) fits = middle else tooLong = middle
        }
        return line(seq, timestamp, pid, message.takeCharacters(fits), cut = true)
    }

    private fun line(
        seq: Long,
        timestamp: Long,
        pid: Int,
        message: String?,
        cut: Boolean,
    ): String {
        // JSONObject leaves a key out where the value is null.
        val json =
            JSONObject()
                .put("v", FORMAT_VERSION)
                .put("seq", seq)
                .put("ts", timestamp)
                .put("plat", "android")
                .put("pid", pid)
                .put("ev", name)
                .put("run", run)
                .put("task", task)
                .put("trig", trigger)
                .put("att", attempt)
                .put("ms", millis)
                .put("out", outcome?.wire)
                .put("rem", remaining)
                .put("n", done)
                .put("of", total)
                .put("next", next)
                .put("why", why)
                .put("msg", message)
                .put("cut", if (cut) 1 else null)
                .put("env", device?.toJson())
        return MARKER + json.toString().escapeNonAscii()
    }

    companion object {
        const val MARKER = "BGSYNC1 "
        const val FORMAT_VERSION = 1
        const val MAX_LINE_BYTES = 900
    }
}

/** The first [count] UTF-16 units, one less where that would split a surrogate pair. */
private fun String.takeCharacters(count: Int): String {
    val taken = take(count)
    return if (taken.isNotEmpty() && taken.last().isHighSurrogate()) taken.dropLast(1) else taken
}

/** In JSON text, only strings can hold non-ASCII characters, and there an escape means the same. */
private fun String.escapeNonAscii(): String =
    buildString(length) {
        for (char in this@escapeNonAscii) {
            if (char.code in ' '.code..'~'.code) append(char) else append("\\u%04x".format(char.code))
        }
    }
