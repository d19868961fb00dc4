#import "include/BackgroundSyncLaunch.h"

// In Swift, in the other target of this package.
extern void bgsync_launch(void);

// BGTaskScheduler takes launch handlers only until the app has launched; +load runs before main(), with scenes and in a
// background launch too, without a line in the app delegate.
@implementation BgsyncLaunch

+ (void)load
{
  bgsync_launch();
}

@end
