// Public API of androidx.work as run.mjs compares it with androidx's own API text (work-api.txt); the rest of each class
// is what the in-memory scheduler needs.
package androidx.work

import java.util.UUID
import java.util.concurrent.TimeUnit

enum class NetworkType { NOT_REQUIRED, CONNECTED, UNMETERED, NOT_ROAMING, METERED, TEMPORARILY_UNMETERED }

enum class BackoffPolicy { EXPONENTIAL, LINEAR }

enum class ExistingPeriodicWorkPolicy {
    @Deprecated("Use UPDATE or CANCEL_AND_REENQUEUE")
    REPLACE,
    KEEP,
    UPDATE,
    CANCEL_AND_REENQUEUE,
}

enum class ExistingWorkPolicy { REPLACE, KEEP, APPEND, APPEND_OR_REPLACE }

enum class OutOfQuotaPolicy { RUN_AS_NON_EXPEDITED_WORK_REQUEST, DROP_WORK_REQUEST }

class Constraints(
    val requiredNetworkType: NetworkType,
    private val charging: Boolean,
) {
    fun requiresCharging(): Boolean = charging

    override fun equals(other: Any?): Boolean =
        other is Constraints && other.requiredNetworkType == requiredNetworkType && other.charging == charging

    override fun hashCode(): Int = requiredNetworkType.hashCode()

    class Builder {
        private var network = NetworkType.NOT_REQUIRED
        private var charging = false

        fun setRequiredNetworkType(networkType: NetworkType): Builder = apply { network = networkType }

        fun setRequiresCharging(requiresCharging: Boolean): Builder = apply { charging = requiresCharging }

        fun build(): Constraints = Constraints(network, charging)
    }

    companion object {
        @JvmField
        val NONE = Constraints(NetworkType.NOT_REQUIRED, false)
    }
}

/** The request as the scheduler reads it. */
data class Spec(
    val id: UUID,
    val workerClass: Class<out ListenableWorker>,
    val constraints: Constraints,
    val input: Data,
    val initialDelayMillis: Long,
    /** 0 for one-time work. */
    val intervalMillis: Long,
    /** Null where the request sets none. */
    val nextScheduleTimeOverride: Long?,
    val tags: Set<String>,
    val backoffMillis: Long,
)

abstract class WorkRequest internal constructor(
    val spec: Spec,
) {
    open val id: UUID get() = spec.id

    abstract class Builder<B : Builder<B, *>, W : WorkRequest> internal constructor(
        private val workerClass: Class<out ListenableWorker>,
    ) {
        private var constraints = Constraints.NONE
        private var input = Data.EMPTY
        private var delay = 0L
        private var backoff = WorkRequest.DEFAULT_BACKOFF_DELAY_MILLIS
        private val tags = mutableSetOf<String>(workerClass.name)
        internal var interval = 0L
        internal var override: Long? = null

        @Suppress("UNCHECKED_CAST")
        private val self get() = this as B

        fun setConstraints(constraints: Constraints): B = self.also { this.constraints = constraints }

        fun setInputData(inputData: Data): B = self.also { input = inputData }

        open fun setInitialDelay(
            duration: Long,
            timeUnit: TimeUnit,
        ): B = self.also { delay = timeUnit.toMillis(duration) }

        fun setBackoffCriteria(
            backoffPolicy: BackoffPolicy,
            backoffDelay: Long,
            timeUnit: TimeUnit,
        ): B = self.also { backoff = timeUnit.toMillis(backoffDelay).coerceIn(MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS) }

        fun addTag(tag: String): B = self.also { tags += tag }

        internal abstract fun create(spec: Spec): W

        fun build(): W =
            create(
                Spec(UUID.randomUUID(), workerClass, constraints, input, delay, interval, override, tags.toSet(), backoff),
            )
    }

    companion object {
        const val DEFAULT_BACKOFF_DELAY_MILLIS = 30_000L
        const val MIN_BACKOFF_MILLIS = 10_000L
        const val MAX_BACKOFF_MILLIS = 18_000_000L
    }
}

class OneTimeWorkRequest internal constructor(
    spec: Spec,
) : WorkRequest(spec) {
    class Builder(
        workerClass: Class<out ListenableWorker>,
    ) : WorkRequest.Builder<Builder, OneTimeWorkRequest>(workerClass) {
        override fun create(spec: Spec) = OneTimeWorkRequest(spec)
    }
}

class PeriodicWorkRequest internal constructor(
    spec: Spec,
) : WorkRequest(spec) {
    class Builder(
        workerClass: Class<out ListenableWorker>,
        repeatInterval: Long,
        repeatIntervalTimeUnit: TimeUnit,
    ) : WorkRequest.Builder<Builder, PeriodicWorkRequest>(workerClass) {
        init {
            interval = repeatIntervalTimeUnit.toMillis(repeatInterval).coerceAtLeast(MIN_PERIODIC_INTERVAL_MILLIS)
        }

        fun setNextScheduleTimeOverride(nextScheduleTimeOverrideMillis: Long): Builder =
            apply { override = nextScheduleTimeOverrideMillis }

        fun clearNextScheduleTimeOverride(): Builder = apply { override = Long.MAX_VALUE }

        override fun create(spec: Spec) = PeriodicWorkRequest(spec)
    }

    companion object {
        const val MIN_PERIODIC_INTERVAL_MILLIS = 900_000L
    }
}
