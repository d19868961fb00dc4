package dev.bgsync.tests

import android.content.Context
import android.content.ContextWrapper
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ListenableWorker
import androidx.work.NetworkType
import androidx.work.Operation
import androidx.work.PeriodicWorkRequest
import androidx.work.Spec
import androidx.work.WorkInfo
import androidx.work.WorkInfo.State
import androidx.work.WorkManager
import androidx.work.WorkRequest
import androidx.work.WorkerParameters
import com.google.common.util.concurrent.ListenableFuture
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit

/** One row of WorkManager's database, which outlives the process. */
class Work(
    var spec: Spec,
    val uniqueName: String?,
) {
    var state = State.ENQUEUED
    var attempts = 0
    var generation = 0
    var periods = 0
    var enqueuedAt = 0L
    var override = spec.nextScheduleTimeOverride ?: Long.MAX_VALUE
    var overrideGeneration = if (spec.nextScheduleTimeOverride == null) 0 else 1
    val results = mutableListOf<String>()

    /** JobScheduler's own back-off after a stop. */
    var notBefore = 0L

    val isPeriodic get() = spec.intervalMillis > 0

    /** WorkSpec.calculateNextRunTime of work-runtime 2.9 to 2.11. */
    fun nextRunAt(): Long =
        when {
            state != State.ENQUEUED -> Long.MAX_VALUE
            override != Long.MAX_VALUE && isPeriodic ->
                if (periods == 0) override else maxOf(override, enqueuedAt + PeriodicWorkRequest.MIN_PERIODIC_INTERVAL_MILLIS)
            attempts > 0 ->
                enqueuedAt + minOf(spec.backoffMillis shl (attempts - 1).coerceAtMost(20), WorkRequest.MAX_BACKOFF_MILLIS)
            periods == 0 -> enqueuedAt + spec.initialDelayMillis
            else -> enqueuedAt + spec.intervalMillis
        }
}

/**
 * WorkManager's documented semantics, without Android: unique names and their policies, the override and its
 * generation, constraints, the 15-minute floor, back-off, stops, the 10-minute limit, and exceptions out of a worker as
 * work-runtime 2.10 and 2.11 treat them (WorkerWrapper.kt, WorkerUpdater.kt).
 */
class InMemoryWorkManager(
    private val clock: VirtualClock,
) : WorkManager() {
    val works = mutableListOf<Work>()
    var isConnected = true

    /** Set to make every call fail, as a broken database does. */
    var failure: RuntimeException? = null

    private class Running(
        val work: Work,
        val worker: ListenableWorker,
        val job: Job,
        val startedAt: Long,
    )

    private var process: ProcessDispatcher? = null
    private val running = mutableListOf<Running>()

    fun unique(name: String): Work? = works.lastOrNull { it.uniqueName == name }

    fun attach(process: ProcessDispatcher) {
        this.process = process
        // What ran when the process died is enqueued again at the next start.
        for (work in works) if (work.state == State.RUNNING) work.state = State.ENQUEUED
    }

    fun processDied() {
        process = null
        running.clear()
    }

    /** Starts what is due, stops what may not go on. */
    fun tick() {
        for (run in running.toList()) {
            if (clock.elapsed() - run.startedAt >= LIMIT_MILLIS) stop(run, WorkInfo.STOP_REASON_TIMEOUT)
            if (needsNetwork(run.work) && !isConnected) stop(run, WorkInfo.STOP_REASON_CONSTRAINT_CONNECTIVITY)
        }
        if (process == null) return
        for (work in works.toList()) {
            if (work.nextRunAt() <= clock.now() && work.notBefore <= clock.elapsed() && (!needsNetwork(work) || isConnected)) start(work)
        }
    }

    /** Stops the running worker of [work], as the system does. */
    fun stop(
        work: Work,
        reason: Int,
    ) = running.filter { it.work === work }.forEach { stop(it, reason) }

    override fun enqueue(requests: List<WorkRequest>): Operation =
        operation { requests.forEach { add(it, uniqueName = null) } }

    override fun enqueueUniquePeriodicWork(
        uniqueWorkName: String,
        existingPeriodicWorkPolicy: ExistingPeriodicWorkPolicy,
        request: PeriodicWorkRequest,
    ): Operation =
        operation {
            val existing = unique(uniqueWorkName)
            when {
                existing == null -> add(request, uniqueWorkName)
                existingPeriodicWorkPolicy == ExistingPeriodicWorkPolicy.KEEP ->
                    if (existing.state.isFinished) replace(existing, request, uniqueWorkName)
                existingPeriodicWorkPolicy == ExistingPeriodicWorkPolicy.UPDATE -> update(existing, request, uniqueWorkName)
                else -> replace(existing, request, uniqueWorkName)
            }
        }

    override fun cancelUniqueWork(uniqueWorkName: String): Operation = operation { unique(uniqueWorkName)?.let(::cancel) }

    override fun getWorkInfosForUniqueWorkFlow(uniqueWorkName: String): Flow<List<WorkInfo>> =
        flow {
            failure?.let { throw it }
            emit(listOfNotNull(unique(uniqueWorkName)).map(::info))
        }

    private fun info(work: Work) =
        WorkInfo(
            work.spec.id,
            work.state,
            work.spec.tags,
            work.spec.constraints,
            if (work.isPeriodic) WorkInfo.PeriodicityInfo(work.spec.intervalMillis, work.spec.intervalMillis) else null,
            work.nextRunAt(),
            work.attempts,
            work.generation,
        )

    fun add(
        request: WorkRequest,
        uniqueName: String?,
    ) {
        works += Work(request.spec, uniqueName).apply { enqueuedAt = clock.now() }
    }

    private fun replace(
        existing: Work,
        request: PeriodicWorkRequest,
        name: String,
    ) {
        cancel(existing)
        works -= existing
        add(request, name)
    }

    private fun update(
        existing: Work,
        request: PeriodicWorkRequest,
        name: String,
    ) {
        if (!existing.isPeriodic) throw UnsupportedOperationException("Can't update OneTimeWorker to Periodic Worker.")
        if (existing.state == State.CANCELLED) return replace(existing, request, name)
        if (existing.state.isFinished) return
        existing.spec = request.spec.copy(id = existing.spec.id)
        existing.generation++
        request.spec.nextScheduleTimeOverride?.let {
            existing.override = it
            existing.overrideGeneration++
        }
    }

    private fun cancel(work: Work) {
        if (!work.state.isFinished) work.state = State.CANCELLED
        stop(work, WorkInfo.STOP_REASON_CANCELLED_BY_APP)
    }

    private fun start(work: Work) {
        val dispatcher = process ?: return
        work.state = State.RUNNING
        work.attempts++
        val worker =
            try {
                Class
                    .forName(work.spec.workerClass.name)
                    .getConstructor(Context::class.java, WorkerParameters::class.java)
                    .newInstance(TestContext, WorkerParameters(work.spec.id, work.spec.input, work.attempts - 1)) as CoroutineWorker
            } catch (error: ReflectiveOperationException) {
                work.state = State.FAILED
                return
            }
        val overrideGeneration = work.overrideGeneration
        val job =
            CoroutineScope(dispatcher + SupervisorJob()).launch {
                val result = runCatching { worker.doWork() }
                val run = running.firstOrNull { it.worker === worker }
                running -= listOfNotNull(run).toSet()
                // A stopped worker's result is of no interest; its state was settled by the stop.
                if (!worker.isStopped) settle(work, result, overrideGeneration)
            }
        running += Running(work, worker, job, clock.elapsed())
    }

    private fun settle(
        work: Work,
        result: kotlin.Result<ListenableWorker.Result>,
        overrideGeneration: Int,
    ) {
        work.results += result.map { it.toString() }.getOrElse { it.javaClass.simpleName }
        if (work.state.isFinished) return
        if (work.overrideGeneration == overrideGeneration) work.override = Long.MAX_VALUE
        work.enqueuedAt = clock.now()
        when (result.getOrNull()?.toString()) {
            null -> work.state = State.FAILED
            "retry" -> work.state = State.ENQUEUED
            else ->
                if (work.isPeriodic) {
                    work.state = State.ENQUEUED
                    work.attempts = 0
                    work.periods++
                } else {
                    work.state = if (result.getOrNull().toString() == "success") State.SUCCEEDED else State.FAILED
                }
        }
    }

    private fun stop(
        run: Running,
        reason: Int,
    ) {
        running -= run
        if (!run.work.state.isFinished) run.work.state = State.ENQUEUED
        run.work.results += "stopped"
        run.work.notBefore = clock.elapsed() + WorkRequest.DEFAULT_BACKOFF_DELAY_MILLIS
        run.worker.stop(reason)
        run.job.cancel()
    }

    private fun needsNetwork(work: Work) = work.spec.constraints.requiredNetworkType == NetworkType.CONNECTED

    private fun operation(change: () -> Unit): Operation {
        failure?.let { throw it }
        change()
        return object : Operation {
            override val result: ListenableFuture<Operation.State.SUCCESS> = Done
        }
    }

    private object Done : ListenableFuture<Operation.State.SUCCESS> {
        override fun addListener(
            listener: Runnable,
            executor: Executor,
        ) = executor.execute(listener)

        override fun cancel(mayInterruptIfRunning: Boolean) = false

        override fun isCancelled() = false

        override fun isDone() = true

        override fun get() = Operation.State.SUCCESS_STATE

        override fun get(
            timeout: Long,
            unit: TimeUnit,
        ) = get()
    }

    private companion object {
        const val LIMIT_MILLIS = 600_000L
    }
}

object TestContext : ContextWrapper(null) {
    override fun getApplicationContext(): Context = this
}
