package com.example;

import android.app.Application;
import com.facebook.react.ReactPackage;
import dev.bgsync.BackgroundSyncPackage;
import java.util.List;

/** All that an app's own code has of the package: the line that autolinking writes into PackageList. */
public final class MainApplication extends Application {
  public List<ReactPackage> packages() {
    return List.of(new BackgroundSyncPackage());
  }
}
