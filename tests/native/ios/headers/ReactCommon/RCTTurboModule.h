// The shape of React Native's RCTTurboModule.h, 0.77 to 0.88.
#pragma once
#import <Foundation/Foundation.h>
#include <memory>

#define JSI_EXPORT

namespace facebook::react {
class TurboModule {};
class ObjCTurboModule : public TurboModule {
 public:
  struct InitParams {};
  explicit ObjCTurboModule(const InitParams &params) {}
};
class EventEmitterCallback {};
} // namespace facebook::react

@interface EventEmitterCallbackWrapper : NSObject
@end

@protocol RCTTurboModule <NSObject>
@optional
- (std::shared_ptr<facebook::react::TurboModule>)getTurboModule:
    (const facebook::react::ObjCTurboModule::InitParams &)params;
@end
