package dev.bgsync

import kotlin.random.Random

internal object RunId {
    private const val LENGTH = 8
    private const val ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"

    private val SHAPE = Regex("[0-9a-z]{$LENGTH}")

    fun next(): String = String(CharArray(LENGTH) { ALPHABET.random(Random.Default) })

    fun isRunId(text: String): Boolean = SHAPE.matches(text)
}
