package androidx.work;

/** What aapt2 makes of the library's resources; their values are {@code SandboxApplication}'s to give. */
public final class R {
  public static final class bool {
    public static int workmanager_test_configuration = 0;
    public static int enable_system_alarm_service_default = 0;
    public static int enable_system_foreground_service_default = 0;
    public static int enable_system_job_service_default = 0;
  }
}
