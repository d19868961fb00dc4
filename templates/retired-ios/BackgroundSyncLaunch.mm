// +load: what Swift cannot say. Everything else is in Swift.
#import <Foundation/Foundation.h>

// The header that the Swift compiler writes for this pod: in the framework with `use_frameworks!`, beside the sources
// without.
#if __has_include(<BackgroundSync/BackgroundSync-Swift.h>)
#import <BackgroundSync/BackgroundSync-Swift.h>
#else
#import "BackgroundSync-Swift.h"
#endif

// BGTaskScheduler takes launch handlers only until the app has launched; +load runs before main().
@interface BgsyncLaunch : NSObject
@end

@implementation BgsyncLaunch

+ (void)load
{
  [BgsyncRetirement start];
}

@end
