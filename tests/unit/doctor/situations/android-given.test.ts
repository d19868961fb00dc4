import { appBuildGradle, manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What Android asks an app to give: a permission, a flag, an attribute, an alarm once more after a restart. */

const SYNC = `${SOURCES}/Sync.kt`;
const JAVA_SYNC = `${SOURCES}/Sync.java`;
type Files = Situation['files'];
const finds = (files: Files, found: string, says?: string): Situation => ({
  base: 'react-native',
  files,
  finds: [found],
  ...(says !== undefined && { says }),
});
const sound = (files: Files): Situation => ({ base: 'react-native', files });

const PENDING =
  'PendingIntent.getBroadcast(this, 0, Intent(this, AlarmReceiver::class.java), PendingIntent.FLAG_IMMUTABLE)';
const screen = (body: string, more = ''): Files => ({
  [SYNC]: kotlin(`class MainActivity : Activity() {
  override fun onCreate(state: Bundle?) {
    val alarms = getSystemService(AlarmManager::class.java)
${body}
  }
${more}
}
class AlarmReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) { Sync.run(context) }
}`),
  [MANIFEST]: manifest('        <receiver android:name=".AlarmReceiver" />'),
});
const EVERY = `    alarms.setInexactRepeating(AlarmManager.ELAPSED_REALTIME_WAKEUP, SystemClock.elapsedRealtime(), AlarmManager.INTERVAL_HOUR, ${PENDING})`;
const BOOT =
  '        <receiver android:name=".BootReceiver" android:exported="false"><intent-filter><action android:name="android.intent.action.BOOT_COMPLETED" /></intent-filter></receiver>';
const ASKS = `<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />`;
const MODULE = `class SyncModule(context: ReactApplicationContext) : ReactContextBaseJavaModule(context) {
  @ReactMethod
  fun schedule(minutes: Int) {
    val alarms = reactApplicationContext.getSystemService(Context.ALARM_SERVICE) as AlarmManager
    alarms.setRepeating(AlarmManager.RTC_WAKEUP, System.currentTimeMillis(), minutes * 60_000L, pending)
  }
}`;
const flutter = (call: string): Pick<Situation, 'base' | 'files'> => ({
  base: 'flutter',
  files: {
    'pubspec.yaml':
      'name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n  android_alarm_manager_plus: ^5.0.0\n',
    'lib/main.dart': `import 'package:android_alarm_manager_plus/android_alarm_manager_plus.dart';

@pragma('vm:entry-point')
void sync() {}
void main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await AndroidAlarmManager.initialize();
  await ${call};
}
`,
  },
});

describeSituations('a repeating alarm that nobody sets again after a restart (A37)', {
  'in an activity': finds(screen(EVERY), `A37 ${SYNC}:8`, 'is gone after a restart'),
  'in a function that an activity calls': finds(
    screen('    plan(alarms)', `  private fun plan(alarms: AlarmManager) {\n${EVERY}\n  }`),
    `A37 ${SYNC}:11`,
  ),
  'by JavaScript': finds({ [SYNC]: kotlin(MODULE) }, `A37 ${SYNC}:9`),
  Java: finds(
    {
      [JAVA_SYNC]: java(`class MainActivity extends Activity {
  @Override
  protected void onStart() {
    super.onStart();
    AlarmManager alarms = (AlarmManager) getSystemService(ALARM_SERVICE);
    alarms.setRepeating(AlarmManager.RTC_WAKEUP, System.currentTimeMillis(), AlarmManager.INTERVAL_DAY, pending);
  }
}`),
    },
    `A37 ${JAVA_SYNC}:10`,
  ),
  'Flutter: kept, without the receiver': {
    ...flutter(
      'AndroidAlarmManager.periodic(const Duration(hours: 1), 0, sync, rescheduleOnReboot: true)',
    ),
    finds: ['A37 lib/main.dart:8'],
    says: 'no manifest has RebootBroadcastReceiver',
  },
  'Flutter: once': {
    ...flutter(
      'AndroidAlarmManager.oneShot(const Duration(hours: 1), 0, sync, rescheduleOnReboot: true)',
    ),
    finds: ['A37 lib/main.dart:8'],
  },
});

describeSituations('sound: alarms (A37)', {
  'a boot receiver': sound({ ...screen(EVERY), [MANIFEST]: manifest(BOOT, ASKS) }),
  'for as long as the screen is there': sound(
    screen(EVERY, `  override fun onDestroy() {\n    alarms.cancel(${PENDING})\n  }`),
  ),
  'set at each start of the process': sound({
    [SYNC]: kotlin(
      `class Sync : ContentProvider() {\n  override fun onCreate(): Boolean {\n${EVERY}\n    return true\n  }\n}`,
    ),
  }),
  'one that comes once': sound(
    screen(
      `    alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, System.currentTimeMillis() + 60_000, ${PENDING})`,
    ),
  ),
  'in debug builds alone': sound(screen(`    if (BuildConfig.DEBUG) {\n${EVERY}\n    }`)),
  'Flutter, with the receiver': {
    base: 'flutter',
    files: {
      ...flutter(
        'AndroidAlarmManager.periodic(const Duration(hours: 1), 0, sync, rescheduleOnReboot: true)',
      ).files,
      [MANIFEST]: manifest(
        '        <receiver android:name="dev.fluttercommunity.plus.androidalarmmanager.RebootBroadcastReceiver" android:enabled="false" android:exported="false"><intent-filter><action android:name="android.intent.action.BOOT_COMPLETED" /></intent-filter></receiver>',
        ASKS,
      ),
    },
  },
  'Flutter: by a setting': flutter(
    'AndroidAlarmManager.oneShot(const Duration(hours: 1), 0, sync, rescheduleOnReboot: keep)',
  ),
  'Flutter: not kept': flutter('AndroidAlarmManager.periodic(const Duration(hours: 1), 0, sync)'),
});

const LOCK = `class SyncService : Service() {
  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
    val power = getSystemService(Context.POWER_SERVICE) as PowerManager
    val lock = power.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "demo:sync")
    lock.acquire(60_000)
    return START_NOT_STICKY
  }
}`;
const WITH_LOCK = `<uses-permission android:name="android.permission.WAKE_LOCK" />`;
const SERVICE = '        <service android:name=".SyncService" />';

describeSituations('a wake lock without its permission (A65)', {
  'a service': finds(
    { [SYNC]: kotlin(LOCK), [MANIFEST]: manifest(SERVICE) },
    `A65 ${SYNC}:8`,
    'newWakeLock takes a wake lock',
  ),
  'taken out again': finds(
    {
      [SYNC]: kotlin(LOCK),
      [MANIFEST]: manifest(
        SERVICE,
        '<uses-permission android:name="android.permission.WAKE_LOCK" tools:node="remove" />',
      ),
    },
    `A65 ${SYNC}:8`,
  ),
  'a lock of the Wi-Fi, in Java': finds(
    {
      [JAVA_SYNC]: java(`class Sync {
  void begin(WifiManager wifi) {
    WifiManager.WifiLock lock = wifi.createWifiLock(WifiManager.WIFI_MODE_FULL_HIGH_PERF, "sync");
    lock.acquire();
  }
}`),
    },
    `A65 ${JAVA_SYNC}:7`,
  ),
  'a receiver that keeps the phone awake': finds(
    {
      [JAVA_SYNC]: java(`class AlarmReceiver extends WakefulBroadcastReceiver {
  @Override
  public void onReceive(Context context, Intent intent) {
    startWakefulService(context, new Intent("sync"));
  }
}`),
      [MANIFEST]: manifest('        <receiver android:name=".AlarmReceiver" />'),
    },
    `A65 ${JAVA_SYNC}:8`,
  ),
});

describeSituations('sound: wake locks (A65)', {
  'the manifest asks for it': sound({
    [SYNC]: kotlin(LOCK),
    [MANIFEST]: manifest(SERVICE, WITH_LOCK),
  }),
  'WorkManager brings it': sound({
    [SYNC]: kotlin(LOCK),
    [MANIFEST]: manifest(SERVICE),
    [BUILD]: withWork('2.11.2'),
  }),
  'bgsync’s own package brings WorkManager': {
    base: 'bgsync',
    files: { [SYNC]: kotlin(LOCK), [MANIFEST]: manifest(SERVICE) },
  },
  'a library of Gradle may bring it': sound({
    [SYNC]: kotlin(LOCK),
    [MANIFEST]: manifest(SERVICE),
    [BUILD]: appBuildGradle('    implementation "com.google.firebase:firebase-messaging:25.0.1"'),
  }),
  'a package may bring it': sound({
    [SYNC]: kotlin(LOCK),
    [MANIFEST]: manifest(SERVICE),
    'package.json': packageJson({ 'react-native': '0.87.2', 'react-native-ble-plx': '3.5.0' }),
  }),
  'in debug builds alone': sound({
    [SYNC]: kotlin(
      LOCK.replace('    val lock', '    if (BuildConfig.DEBUG) { val lock').replace(
        '(60_000)',
        '(60_000) }',
      ),
    ),
    [MANIFEST]: manifest(SERVICE),
  }),
  'one that is never acquired': sound({
    [SYNC]: kotlin(LOCK.replace('lock.acquire(60_000)', 'println(lock)')),
    [MANIFEST]: manifest(SERVICE),
  }),
});

const receiver = (call: string, more = ''): Files => ({
  [SYNC]: kotlin(`class SyncWatcher(private val context: Context) {
  private val receiver = object : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {}
  }
  fun watch() {
    ${call}
  }
${more}
  companion object { const val ACTION_SYNCED = "com.example.demo.SYNCED" }
}`),
});
const ELEMENT = (attributes: string, action: string): string =>
  `        <receiver android:name=".BootReceiver"${attributes}><intent-filter><action android:name="${action}" /></intent-filter></receiver>`;
const OLD = (target: number) => ({
  [BUILD]: appBuildGradle().replace('targetSdk 36', `targetSdk ${target}`),
});

describeSituations('components that do not say who may start them (A64)', {
  'a boot receiver': finds(
    { [MANIFEST]: manifest(ELEMENT('', 'android.intent.action.BOOT_COMPLETED'), ASKS) },
    `A64 ${MANIFEST}:4`,
    'BootReceiver has an intent filter and no android:exported',
  ),
  'a service, by its whole name': finds(
    {
      [MANIFEST]: manifest(
        '        <service android:name="com.example.demo.PushService"><intent-filter><action android:name="com.google.firebase.MESSAGING_EVENT" /></intent-filter></service>',
      ),
    },
    `A64 ${MANIFEST}:4`,
  ),
  'an activity': finds(
    {
      [MANIFEST]: manifest(
        '        <activity android:name=".MainActivity"><intent-filter><action android:name="android.intent.action.MAIN" /></intent-filter></activity>',
      ),
    },
    `A64 ${MANIFEST}:4`,
  ),
  'registered by a constant': finds(
    receiver('context.registerReceiver(receiver, IntentFilter(ACTION_SYNCED))'),
    `A64 ${SYNC}:10`,
    'com.example.demo.SYNCED is no broadcast of the system',
  ),
  'with a filter that is built': finds(
    receiver(
      'val filter = IntentFilter().apply { addAction("com.example.demo.SYNCED") }\n    context.registerReceiver(receiver, filter)',
    ),
    `A64 ${SYNC}:11`,
  ),
  'beside one of the system’s': finds(
    receiver(
      'val filter = IntentFilter(Intent.ACTION_BATTERY_LOW)\n    filter.addAction(ACTION_SYNCED)\n    context.registerReceiver(receiver, filter, null, handler)',
    ),
    `A64 ${SYNC}:12`,
  ),
  Java: finds(
    {
      [JAVA_SYNC]: java(`class Watcher {
  static final String DONE = "SYNC_DONE";
  void watch(Context context, BroadcastReceiver receiver) {
    IntentFilter filter = new IntentFilter();
    filter.addAction(DONE);
    context.registerReceiver(receiver, filter);
  }
}`),
    },
    `A64 ${JAVA_SYNC}:10`,
  ),
});

describeSituations('sound: components that say it, or need not (A64)', {
  'the attribute': sound({
    [MANIFEST]: manifest(
      ELEMENT(' android:exported="false"', 'android.intent.action.BOOT_COMPLETED'),
      ASKS,
    ),
  }),
  'an older target': sound({
    [MANIFEST]: manifest(ELEMENT('', 'android.intent.action.BOOT_COMPLETED'), ASKS),
    ...OLD(30),
  }),
  'said in another manifest': sound({
    [MANIFEST]: manifest(ELEMENT('', 'android.intent.action.BOOT_COMPLETED'), ASKS),
    'android/app/src/release/AndroidManifest.xml': manifest(
      '        <receiver android:name=".BootReceiver" android:exported="false" />',
    ),
  }),
  'an element of a library': sound({
    [MANIFEST]: manifest(
      '        <service android:name="com.library.PushService"><intent-filter><action android:name="com.library.PUSH" /></intent-filter></service>',
    ),
  }),
  'without a filter': sound({
    [MANIFEST]: manifest('        <receiver android:name=".AlarmReceiver" />'),
  }),
  'with the flag': sound(
    receiver(
      'context.registerReceiver(receiver, IntentFilter(ACTION_SYNCED), Context.RECEIVER_NOT_EXPORTED)',
    ),
  ),
  'by ContextCompat': sound(
    receiver(
      'ContextCompat.registerReceiver(context, receiver, IntentFilter(ACTION_SYNCED), ContextCompat.RECEIVER_NOT_EXPORTED)',
    ),
  ),
  'for older phones': sound(
    receiver(
      'if (Build.VERSION.SDK_INT >= 33) {\n      context.registerReceiver(receiver, IntentFilter(ACTION_SYNCED), Context.RECEIVER_EXPORTED)\n    } else {\n      context.registerReceiver(receiver, IntentFilter(ACTION_SYNCED))\n    }',
    ),
  ),
  'a broadcast of the system': sound(
    receiver('context.registerReceiver(receiver, IntentFilter(Intent.ACTION_BATTERY_LOW))'),
  ),
  'what is there is asked for': sound(
    receiver('context.registerReceiver(null, IntentFilter(ACTION_SYNCED))'),
  ),
  'of a LocalBroadcastManager': sound(
    receiver(
      'LocalBroadcastManager.getInstance(context).registerReceiver(receiver, IntentFilter(ACTION_SYNCED))',
    ),
  ),
  'of a variable that is one': sound(
    receiver(
      'val bus = LocalBroadcastManager.getInstance(context)\n    bus.registerReceiver(receiver, IntentFilter(ACTION_SYNCED))',
    ),
  ),
  'a function of the app': sound(
    receiver(
      'registerReceiver(receiver, IntentFilter(ACTION_SYNCED))',
      '  private fun registerReceiver(one: BroadcastReceiver, filter: IntentFilter) {\n    ContextCompat.registerReceiver(context, one, filter, ContextCompat.RECEIVER_NOT_EXPORTED)\n  }',
    ),
  ),
  'target 33': sound({
    ...receiver('context.registerReceiver(receiver, IntentFilter(ACTION_SYNCED))'),
    ...OLD(33),
  }),
});
