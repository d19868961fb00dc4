import { appBuildGradle } from '../../../helpers/doctor-bases.ts';
import { BUILD, SOURCES } from '../checks/android-files.ts';

/** What the situations of several files are made of. */

/** In the place of the base's own, which the manifest names. */
export const APP = `${SOURCES}/MainApplication.kt`;
export const WORKER = `${SOURCES}/SyncWorker.kt`;
export const HILT = {
  [BUILD]: appBuildGradle(
    '    implementation "androidx.work:work-runtime-ktx:2.10.1"\n    implementation "androidx.hilt:hilt-work:1.2.0"\n    ksp "androidx.hilt:hilt-compiler:1.2.0"',
  ),
};
export const BASE_WORKER = `class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`;
export const HILT_WORKER = `@HiltWorker
class SyncWorker @AssistedInject constructor(
  @Assisted context: Context,
  @Assisted params: WorkerParameters,
  private val repo: Repo,
) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result { repo.sync(); return Result.success() }
}`;
export const FGS =
  '<uses-permission android:name="android.permission.FOREGROUND_SERVICE" />\n    <uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />';
/** The service of androidx.work, with the type that the app gives it. */
export const WORK_SERVICE =
  '        <service android:name="androidx.work.impl.foreground.SystemForegroundService" android:foregroundServiceType="dataSync" tools:node="merge" />';
export const PERIODIC = 'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS).build()';
export const SYNC_JOB = `class SyncJob : JobService() {
  override fun onStartJob(params: JobParameters): Boolean = false
  override fun onStopJob(params: JobParameters): Boolean = false
}`;
