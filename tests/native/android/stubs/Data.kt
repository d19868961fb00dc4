package androidx.work

class Data(
    private val values: Map<String, Any?>,
) {
    fun getString(key: String): String? = values[key] as? String

    class Builder {
        private val values = mutableMapOf<String, Any?>()

        fun putString(
            key: String,
            value: String?,
        ): Builder = apply { values[key] = value }

        fun build(): Data = Data(values.toMap())
    }

    companion object {
        @JvmField
        val EMPTY = Data(emptyMap())
    }
}

fun workDataOf(vararg pairs: Pair<String, Any?>): Data = Data(pairs.toMap())
