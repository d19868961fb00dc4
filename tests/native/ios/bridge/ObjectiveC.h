// With a module of this name the compiler takes what stands behind `#if canImport(ObjectiveC)`.
typedef signed char BOOL;
typedef struct objc_selector *SEL;

@protocol NSObject
- (BOOL)respondsToSelector:(SEL)selector;
@end

__attribute__((objc_root_class))
@interface NSObject <NSObject>
- (instancetype)init;
@end
