package dev.bgsync

/** Where JavaScript waits for a run: one module instance, until its next reload. */
internal class Receiver(
    val owner: Any,
    val deliver: (String) -> Unit,
)

/** Each JavaScript that waits for something. Not thread-safe: its owner guards it. */
internal class Receivers {
    /** For whatever comes, the newest last: a reload, or a second React host, must not deafen another. */
    private val waiting = mutableListOf<Receiver>()

    /** For a run of its own, which may have to wait for its turn. */
    private val asking = mutableListOf<Receiver>()

    /** A newer call of one JavaScript replaces its older. */
    fun wait(receiver: Receiver) {
        waiting.removeAll { it.owner === receiver.owner }
        waiting += receiver
    }

    /** The newest that waits. */
    fun takeWaiting(): Receiver? = waiting.removeLastOrNull()

    fun stopWaiting(receiver: Receiver) {
        waiting -= receiver
    }

    fun ask(receiver: Receiver) {
        asking += receiver
    }

    /** @return false where [receiver] has had its answer, or went away */
    fun answer(receiver: Receiver): Boolean = asking.remove(receiver)

    /** The module instance [owner] goes away. */
    fun forget(owner: Any) {
        waiting.removeAll { it.owner === owner }
        asking.removeAll { it.owner === owner }
    }
}
