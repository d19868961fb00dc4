// What BackgroundSyncModule.mm and React Native's generated header need of Foundation, declared as Apple does.
#pragma once
#include <stdint.h>
#include <stddef.h>

#define NS_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define NS_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")

typedef bool BOOL;
#define YES true
#define NO false
#define nil nullptr
typedef long NSInteger;
typedef unsigned long NSUInteger;

@protocol NSObject
- (Class)class;
@end

__attribute__((objc_root_class))
@interface NSObject <NSObject>
- (instancetype)init;
@end

// libdispatch, which Foundation imports.
@protocol OS_dispatch_queue <NSObject>
@end
typedef NSObject<OS_dispatch_queue> *dispatch_queue_t;
typedef long dispatch_once_t;
#define DISPATCH_QUEUE_SERIAL nil
extern "C" dispatch_queue_t dispatch_queue_create(const char *label, id attributes);
extern "C" void dispatch_once(dispatch_once_t *once, void (^block)(void));

@interface NSString : NSObject
@end

@interface NSNumber : NSObject
+ (NSNumber *)numberWithBool:(BOOL)value;
+ (NSNumber *)numberWithLong:(long)value;
+ (NSNumber *)numberWithLongLong:(long long)value;
+ (NSNumber *)numberWithDouble:(double)value;
@end

@interface NSError : NSObject
@end
