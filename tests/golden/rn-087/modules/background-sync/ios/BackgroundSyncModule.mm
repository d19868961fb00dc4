// The TurboModule over the codegen spec, and +load: what Swift cannot say. Everything else is in Swift.
#import <Foundation/Foundation.h>
#import <React/RCTBridgeModule.h>
#import <React/RCTInvalidating.h>

#ifdef RCT_NEW_ARCH_ENABLED
#import <BackgroundSyncSpec/BackgroundSyncSpec.h>
#endif

// The header that the Swift compiler writes for this pod: in the framework with `use_frameworks!`, beside the sources
// without. Not NSClassFromString and a protocol of our own: a Swift method that is renamed must fail the build, not
// the launch.
#if __has_include(<Bgsync/Bgsync-Swift.h>)
#import <Bgsync/Bgsync-Swift.h>
#else
#import "Bgsync-Swift.h"
#endif

#ifdef RCT_NEW_ARCH_ENABLED
@interface BgsyncModule : NSObject <NativeBackgroundSyncSpec, RCTInvalidating>
#else
@interface BgsyncModule : NSObject <RCTBridgeModule, RCTInvalidating>
#endif
@end

@implementation BgsyncModule {
  NSInteger _number;
}

// By hand what codegen's module provider does from React Native 0.79 on; 0.77 and 0.78 find the module by this alone.
RCT_EXPORT_MODULE(BackgroundSync)

+ (BOOL)requiresMainQueueSetup
{
  return NO;
}

// A serial queue of its own: `scheduleNext` is here before the `complete` after it, and no other module's work is in between.
- (dispatch_queue_t)methodQueue
{
  static dispatch_queue_t queue;
  static dispatch_once_t once;
  dispatch_once(&once, ^{
    queue = dispatch_queue_create("dev.bgsync.module", DISPATCH_QUEUE_SERIAL);
  });
  return queue;
}

- (instancetype)init
{
  if (self = [super init]) {
    _number = [BgsyncBridge javaScriptDidLoad];
  }
  return self;
}

- (void)invalidate
{
  [BgsyncBridge javaScriptDidStop:_number];
}

RCT_EXPORT_METHOD(registerTask : (BOOL)switchOn name : (NSString *)name resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge register:switchOn
                            name:name
                          answer:^(BOOL armed) {
                            resolve(@(armed));
                          }];
}

RCT_EXPORT_METHOD(cancel : (NSString *)name resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge cancel:name
                        answer:^{
                          resolve(nil);
                        }];
}

RCT_EXPORT_METHOD(scheduleNext : (double)delaySeconds name : (NSString *)name resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge scheduleNext:delaySeconds
                                name:name
                              answer:^(int64_t next) {
                                resolve(@(next));
                              }];
}

RCT_EXPORT_METHOD(configure : (NSString *)settings name : (NSString *)name resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge configure:settings
                             name:name
                           answer:^(BOOL accepted) {
                             resolve(@(accepted));
                           }];
}

RCT_EXPORT_METHOD(getStatus : (NSString *)name resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge status:name
                        answer:^(NSString *status) {
                          resolve(status);
                        }];
}

RCT_EXPORT_METHOD(getHistory : (double)limit resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge history:limit
                         answer:^(NSString *events) {
                           resolve(events);
                         }];
}

RCT_EXPORT_METHOD(nextRun : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge nextRun:_number
                         answer:^(NSString *run) {
                           resolve(run);
                         }];
}

RCT_EXPORT_METHOD(endedRun : (double)after resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge endedRun:_number
                           after:after
                          answer:^(NSString *run) {
                            resolve(run);
                          }];
}

RCT_EXPORT_METHOD(whenExpired : (NSString *)runId resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge whenExpired:runId
                             answer:^(NSString *reason) {
                               resolve(reason);
                             }];
}

RCT_EXPORT_METHOD(progress : (NSString *)runId done : (double)done total : (double)total)
{
  [BgsyncBridge progress:runId done:done total:total];
}

RCT_EXPORT_METHOD(complete : (NSString *)runId outcome : (NSString *)outcome remaining : (double)remaining message : (NSString *)message)
{
  [BgsyncBridge complete:runId outcome:outcome remaining:remaining message:message];
}

RCT_EXPORT_METHOD(beginForeground : (NSString *)name resolve : (RCTPromiseResolveBlock)resolve reject : (RCTPromiseRejectBlock)reject)
{
  [BgsyncBridge beginForeground:_number
                                   name:name
                                 answer:^(NSString *run) {
                                   resolve(run);
                                 }];
}

#ifdef RCT_NEW_ARCH_ENABLED
- (std::shared_ptr<facebook::react::TurboModule>)getTurboModule:
    (const facebook::react::ObjCTurboModule::InitParams &)params
{
  return std::make_shared<facebook::react::NativeBackgroundSyncSpecJSI>(params);
}
#endif

@end

// BGTaskScheduler takes launch handlers only until the app has launched; +load runs before main(), in a scene-based app
// and in a background launch too, without a line in the app delegate. A class of its own: RCT_EXPORT_MODULE has the
// module's +load.
@interface BgsyncLaunch : NSObject
@end

@implementation BgsyncLaunch

+ (void)load
{
  [BgsyncBridge start];
}

@end
