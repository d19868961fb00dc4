/* What Android's C library has beside glibc, as far as Hermes, JSI and libc++ of React Native's AARs ask for it. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int *__errno(void) { return &errno; }
size_t __strlen_chk(const char *text, size_t size) { return strlen(text); }
char *__strchr_chk(const char *text, int byte, size_t size) { return strchr(text, byte); }
ssize_t __write_chk(int file, const void *bytes, size_t count, size_t size) { return write(file, bytes, count); }
size_t __fwrite_chk(const void *bytes, size_t size, size_t count, FILE *file, size_t all) {
  return fwrite(bytes, size, count, file);
}
char *__gnu_strerror_r(int code, char *text, size_t size) { return strerror_r(code, text, size); }
size_t __ctype_get_mb_cur_max(void) { return MB_CUR_MAX; }
char __sF[3 * 152];

void __assert2(const char *file, int line, const char *function, const char *what) {
  fprintf(stderr, "%s:%d: %s: %s\n", file, line, function, what);
  abort();
}
void android_set_abort_message(const char *text) { fprintf(stderr, "%s\n", text); }

int __android_log_vprint(int priority, const char *tag, const char *format, va_list values) {
  int count = vfprintf(stderr, format, values);
  fputc('\n', stderr);
  return count;
}
int __android_log_print(int priority, const char *tag, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int count = __android_log_vprint(priority, tag, format, values);
  va_end(values);
  return count;
}
int __android_log_write(int priority, const char *tag, const char *text) { return fprintf(stderr, "%s\n", text); }
void __android_log_assert(const char *what, const char *tag, const char *format, ...) {
  va_list values;
  va_start(values, format);
  __android_log_vprint(0, tag, format, values);
  va_end(values);
  abort();
}

/* These have other sizes and numbers than in glibc; they serve profilers and crash reports, which are off.
   https://android.googlesource.com/platform/bionic/+/main/libc/include/bits/ */
int sigemptyset(sigset_t *set) { memset(set, 0, 8); return 0; }
int sigfillset(sigset_t *set) { memset(set, 0xff, 8); return 0; }
int sigaction(int number, const struct sigaction *action, struct sigaction *before) { return 0; }
int pthread_sigmask(int how, const sigset_t *set, sigset_t *before) { return 0; }
int sem_init(void *semaphore, int shared, unsigned value) { return 0; }
int sem_destroy(void *semaphore) { return 0; }
int sem_post(void *semaphore) { return 0; }
int sem_wait(void *semaphore) { return 0; }

long sysconf(int name) {
  switch (name) {
    case 0x27: case 0x28: return 4096; /* _SC_PAGESIZE, _SC_PAGE_SIZE */
    case 0x60: case 0x61: return 2;    /* _SC_NPROCESSORS_… */
    default: return -1;
  }
}
