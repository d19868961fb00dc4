package seeded

// What lint must find: one of its own checks, and one that androidx.work brings in its AAR.
import androidx.work.PeriodicWorkRequest
import dev.bgsync.BackgroundSyncWorker
import java.text.SimpleDateFormat
import java.util.concurrent.TimeUnit

internal fun tooOften(): PeriodicWorkRequest =
    PeriodicWorkRequest.Builder(BackgroundSyncWorker::class.java, 5, TimeUnit.MINUTES).build()

internal fun pattern(): String = SimpleDateFormat("yyyy").toPattern()
