/* Loaded before a program (LD_PRELOAD), this library keeps a log of what the program does to the
 * files below one folder: opens, writes, lengths, syncs and names, in the order in which they
 * happened. `disk.rs` makes of it what a disk may hold after the power failed at any moment.
 *
 * DISK_LOG         the log; appended to, so that a test can write lines of its own into it
 * DISK_LOG_FOLDER  the folder
 *
 * A record: kind (1 byte), file or token (4), offset, length or token (8), count of bytes (4), all
 * in the machine's order, and the bytes. A change and its record are made under one lock, so that
 * their orders agree. A sync is two records, because what is written while it runs may be left out.
 *
 * Limits: calls that the program does not make (mmap for writing, sendfile, io_uring, truncate by
 * name) are not seen; the test compares the log's last state with the files and would notice. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, WROTE, LENGTH, SYNC_BEGUN, SYNC_ENDED, UNLINKED, RENAMED };
enum { FILES = 65536, PATH_BYTES = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint32_t file_of[FILES]; /* by descriptor; 0: none of ours */
static uint32_t last_file;
static uint64_t last_token;
static int log_fd = -1;
static char folder[PATH_BYTES];
static size_t folder_bytes;

static void start(void) {
    const char *path = getenv("DISK_LOG");
    const char *below = getenv("DISK_LOG_FOLDER");
    if (path == NULL || below == NULL || strlen(below) + 2 > sizeof folder) return;
    folder_bytes = strlen(below);
    memcpy(folder, below, folder_bytes);
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int ready(void) {
    pthread_once(&once, start);
    return log_fd >= 0;
}

/* Called with the lock held. A log that cannot be written is worth nothing: the program ends. */
static void record(uint8_t kind, uint32_t file, uint64_t number, const void *bytes, uint32_t count) {
    uint8_t head[17];
    head[0] = kind;
    memcpy(head + 1, &file, 4);
    memcpy(head + 5, &number, 8);
    memcpy(head + 13, &count, 4);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, count}};
    long written = syscall(SYS_writev, log_fd, parts, count > 0 ? 2 : 1);
    if (written != (long)(sizeof head + count)) abort();
}

/* The path below the folder: "" for the folder itself, NULL for what is elsewhere. */
static const char *below(const char *path) {
    if (!ready() || strncmp(path, folder, folder_bytes) != 0) return NULL;
    const char *rest = path + folder_bytes;
    if (*rest == '\0') return rest;
    if (*rest != '/') return NULL;
    while (*rest == '/') rest++;
    return rest;
}

static uint32_t file_at(int fd) { return fd >= 0 && fd < FILES && ready() ? file_of[fd] : 0; }

static int opened(int fd, const char *path, int flags) {
    const char *rest = below(path);
    if (fd < 0 || fd >= FILES || rest == NULL) return fd;
    struct stat what;
    int is_folder = fstat(fd, &what) == 0 && S_ISDIR(what.st_mode);
    uint64_t how = (uint64_t)((flags & O_TRUNC) != 0) | (uint64_t)is_folder << 1;
    file_of[fd] = ++last_file;
    record(OPENED, file_of[fd], how, rest, (uint32_t)strlen(rest));
    return fd;
}

static int open_real(int folder_fd, const char *path, int flags, mode_t mode) {
    if (below(path) == NULL)
        return (int)syscall(SYS_openat, folder_fd, path, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = opened((int)syscall(SYS_openat, folder_fd, path, flags, mode), path, flags);
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

#define MODE(last)                                       \
    mode_t mode = 0;                                     \
    if (flags & (O_CREAT | O_TMPFILE)) {                 \
        va_list more;                                    \
        va_start(more, last);                            \
        mode = (mode_t)va_arg(more, int);                \
        va_end(more);                                    \
    }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return open_real(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags)
    return open_real(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder_fd, const char *path, int flags, ...) {
    MODE(flags)
    return open_real(folder_fd, path, flags, mode);
}

int openat64(int folder_fd, const char *path, int flags, ...) {
    MODE(flags)
    return open_real(folder_fd, path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
    if (fd >= 0 && fd < FILES && ready()) {
        pthread_mutex_lock(&lock);
        file_of[fd] = 0;
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_close, fd);
}

static int controlled(int fd, int command, void *argument) {
    int copies = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    if (!copies || file_at(fd) == 0) return (int)syscall(SYS_fcntl, fd, command, argument);
    pthread_mutex_lock(&lock);
    int copy = (int)syscall(SYS_fcntl, fd, command, argument);
    if (copy >= 0 && copy < FILES) file_of[copy] = file_of[fd];
    pthread_mutex_unlock(&lock);
    return copy;
}

#define ARGUMENT                                \
    va_list more;                               \
    va_start(more, command);                    \
    void *argument = va_arg(more, void *);      \
    va_end(more);

int fcntl(int fd, int command, ...) {
    ARGUMENT
    return controlled(fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
    ARGUMENT
    return controlled(fd, command, argument);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (file_at(fd) == 0) return syscall(SYS_write, fd, bytes, count);
    pthread_mutex_lock(&lock);
    int appends = (int)syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND;
    off_t offset = (off_t)syscall(SYS_lseek, fd, 0, appends ? SEEK_END : SEEK_CUR);
    ssize_t written = syscall(SYS_write, fd, bytes, count);
    if (written > 0) record(WROTE, file_of[fd], (uint64_t)offset, bytes, (uint32_t)written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (file_at(fd) == 0) return syscall(SYS_writev, fd, parts, count);
    ssize_t all = 0;
    for (int part = 0; part < count; part++) {
        ssize_t written = write(fd, parts[part].iov_base, parts[part].iov_len);
        if (written < 0) return all > 0 ? all : written;
        all += written;
        if ((size_t)written < parts[part].iov_len) break;
    }
    return all;
}

static ssize_t written_at(int fd, const void *bytes, size_t count, off_t offset) {
    if (file_at(fd) == 0) return syscall(SYS_pwrite64, fd, bytes, count, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = syscall(SYS_pwrite64, fd, bytes, count, offset);
    if (written > 0) record(WROTE, file_of[fd], (uint64_t)offset, bytes, (uint32_t)written);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return written_at(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    return written_at(fd, bytes, count, offset);
}

static int length_set(int fd, off_t length) {
    if (file_at(fd) == 0) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, fd, length);
    if (done == 0) record(LENGTH, file_of[fd], (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t length) { return length_set(fd, length); }
int ftruncate64(int fd, off64_t length) { return length_set(fd, length); }

static int synced(int fd, long call) {
    if (file_at(fd) == 0) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    uint32_t file = file_of[fd];
    uint64_t token = ++last_token;
    record(SYNC_BEGUN, file, token, NULL, 0);
    pthread_mutex_unlock(&lock);
    int done = (int)syscall(call, fd);
    if (done == 0) {
        pthread_mutex_lock(&lock);
        record(SYNC_ENDED, file, token, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return done;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int unlink(const char *path) {
    const char *rest = below(path);
    if (rest == NULL) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (done == 0) record(UNLINKED, 0, 0, rest, (uint32_t)strlen(rest));
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *from, const char *to) {
    const char *old = below(from);
    const char *new = below(to);
    if (old == NULL || new == NULL)
        return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    char both[2 * PATH_BYTES];
    size_t old_bytes = strlen(old), new_bytes = strlen(new);
    if (old_bytes + new_bytes + 1 > sizeof both) abort();
    memcpy(both, old, old_bytes + 1);
    memcpy(both + old_bytes + 1, new, new_bytes);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    if (done == 0) record(RENAMED, 0, 0, both, (uint32_t)(old_bytes + 1 + new_bytes));
    pthread_mutex_unlock(&lock);
    return done;
}
