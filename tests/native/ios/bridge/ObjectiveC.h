// With a module of this name the compiler takes what stands behind `#if canImport(ObjectiveC)`.
typedef signed char BOOL;
typedef struct objc_selector *SEL;

@protocol NSObject
- (BOOL)respondsToSelector:(SEL _Nonnull)selector;
@end

__attribute__((objc_root_class))
@interface NSObject <NSObject>
- (instancetype _Nonnull)init;
@end

// https://developer.apple.com/documentation/objectivec/objective-c-runtime
typedef struct objc_ivar *Ivar;
Class _Nullable object_getClass(id _Nullable object);
Ivar _Nullable class_getInstanceVariable(Class _Nullable type, const char *_Nonnull name);
id _Nullable object_getIvar(id _Nullable object, Ivar _Nonnull variable);
