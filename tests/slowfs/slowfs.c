/* A folder seen through a network: every operation that an NFS client sends to its server takes a while here, and is
 * counted. Usage: SLOWFS_DELAY_US=3000 slowfs FOLDER MOUNTPOINT [FUSE options]
 *
 * The file .slowfs in the mount's root prints one line an operation, with how often it was asked for, and a total.
 * Writing "reset" to it starts the count anew, "delay N" sets the delay in microseconds; it is not counted itself.
 *
 * Like NFS: attributes and names are believed for three seconds, absent names never; what was written goes to the
 * server at fsync or, if none came, at close; reads are kept while the file's time does not change. */
#define FUSE_USE_VERSION 312
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum kind {
  GETATTR, READLINK, MKDIR, UNLINK, RMDIR, SYMLINK, RENAME, LINK, SETATTR,
  OPEN, CREATE, READ, WRITE, COMMIT, READDIR, STATFS, LOCK, KINDS
};
static const char *const names[KINDS] = {
  "getattr", "readlink", "mkdir", "unlink", "rmdir", "symlink", "rename", "link", "setattr",
  "open", "create", "read", "write", "commit", "readdir", "statfs", "lock",
};
static const char control[] = "/.slowfs";
static const double believed_seconds = 3;
static const useconds_t lock_poll_us = 20000;

static char root[PATH_MAX];
static long counts[KINDS];
static long delay_us;

/* An open file; dirty while something was written that the server was not asked to keep. */
struct handle {
  int descriptor;
  int dirty;
};

static struct handle *handle(const struct fuse_file_info *info) { return (struct handle *)(uintptr_t)info->fh; }
static int descriptor(const struct fuse_file_info *info) { return handle(info)->descriptor; }
static void set_dirty(const struct fuse_file_info *info, int dirty) {
  __atomic_store_n(&handle(info)->dirty, dirty, __ATOMIC_RELAXED);
}

/* libfuse asks for the attributes of what it has just made or changed; an NFS server sends them along. */
static _Thread_local char answered[PATH_MAX];

static void serve(enum kind kind) {
  answered[0] = 0;
  __atomic_add_fetch(&counts[kind], 1, __ATOMIC_RELAXED);
  long wait = __atomic_load_n(&delay_us, __ATOMIC_RELAXED);
  if (wait > 0) usleep((useconds_t)wait);
}

static int result(long value) { return value == -1 ? -errno : (int)value; }

static int result_with_attributes(long value, const char *path) {
  if (value != -1) snprintf(answered, sizeof answered, "%s", path);
  return result(value);
}

/* The path below; a buffer of the caller's own, as many threads ask. */
static const char *below(char buffer[static PATH_MAX], const char *path) {
  snprintf(buffer, PATH_MAX, "%s%s", root, path);
  return buffer;
}
#define BELOW(path) below((char[PATH_MAX]){0}, path)

static int is_control(const char *path) { return strcmp(path, control) == 0; }

static int print_counts(char *text, size_t size) {
  long total = 0;
  int length = 0;
  for (int kind = 0; kind < KINDS; kind++) {
    long count = __atomic_load_n(&counts[kind], __ATOMIC_RELAXED);
    total += count;
    length += snprintf(text + length, size - (size_t)length, "%s %ld\n", names[kind], count);
  }
  return length + snprintf(text + length, size - (size_t)length, "total %ld\n", total);
}

static int control_read(char *out, size_t size, off_t offset) {
  char text[1024];
  int length = print_counts(text, sizeof text);
  if (offset >= length) return 0;
  size_t rest = (size_t)(length - offset);
  memcpy(out, text + offset, rest < size ? rest : size);
  return (int)(rest < size ? rest : size);
}

static int control_write(const char *text, size_t size) {
  char order[64] = {0};
  long wanted;
  if (size >= sizeof order) return -EINVAL;
  memcpy(order, text, size);
  if (strncmp(order, "reset", 5) == 0)
    for (int kind = 0; kind < KINDS; kind++) __atomic_store_n(&counts[kind], 0, __ATOMIC_RELAXED);
  else if (sscanf(order, "delay %ld", &wanted) == 1)
    __atomic_store_n(&delay_us, wanted, __ATOMIC_RELAXED);
  else
    return -EINVAL;
  return (int)size;
}

static int slow_getattr(const char *path, struct stat *about, struct fuse_file_info *info) {
  (void)info;
  if (is_control(path)) {
    *about = (struct stat){.st_mode = S_IFREG | 0666, .st_nlink = 1};
    return 0;
  }
  if (strcmp(answered, path) != 0) serve(GETATTR);
  return result(lstat(BELOW(path), about));
}

static int slow_readlink(const char *path, char *out, size_t size) {
  serve(READLINK);
  ssize_t length = readlink(BELOW(path), out, size - 1);
  if (length < 0) return -errno;
  out[length] = 0;
  return 0;
}

static int slow_mkdir(const char *path, mode_t mode) {
  serve(MKDIR);
  return result_with_attributes(mkdir(BELOW(path), mode), path);
}

static int slow_unlink(const char *path) {
  serve(UNLINK);
  return result(unlink(BELOW(path)));
}

static int slow_rmdir(const char *path) {
  serve(RMDIR);
  return result(rmdir(BELOW(path)));
}

static int slow_symlink(const char *target, const char *path) {
  serve(SYMLINK);
  return result_with_attributes(symlink(target, BELOW(path)), path);
}

static int slow_link(const char *from, const char *to) {
  serve(LINK);
  return result_with_attributes(link(BELOW(from), BELOW(to)), to);
}

static int slow_statfs(const char *path, struct statvfs *about) {
  serve(STATFS);
  return result(statvfs(BELOW(path), about));
}

/* NFS can neither exchange two names nor refuse to replace one. */
static int slow_rename(const char *from, const char *to, unsigned flags) {
  if (flags) return -EINVAL;
  serve(RENAME);
  return result(rename(BELOW(from), BELOW(to)));
}

static int slow_chmod(const char *path, mode_t mode, struct fuse_file_info *info) {
  (void)info;
  serve(SETATTR);
  return result_with_attributes(chmod(BELOW(path), mode), path);
}

static int slow_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *info) {
  (void)info;
  serve(SETATTR);
  return result_with_attributes(lchown(BELOW(path), user, group), path);
}

static int slow_truncate(const char *path, off_t length, struct fuse_file_info *info) {
  (void)info;
  if (is_control(path)) return 0;
  serve(SETATTR);
  return result_with_attributes(truncate(BELOW(path), length), path);
}

static int slow_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info) {
  (void)info;
  serve(SETATTR);
  return result_with_attributes(utimensat(AT_FDCWD, BELOW(path), times, AT_SYMLINK_NOFOLLOW), path);
}

static int opened(int found, struct fuse_file_info *info) {
  if (found < 0) return -errno;
  struct handle *made = malloc(sizeof *made);
  if (!made) abort();
  *made = (struct handle){.descriptor = found};
  info->fh = (uintptr_t)made;
  return 0;
}

static int slow_open(const char *path, struct fuse_file_info *info) {
  if (is_control(path)) {
    info->direct_io = 1;
    return 0;
  }
  serve(OPEN);
  return opened(open(BELOW(path), info->flags & ~O_NOFOLLOW), info);
}

static int slow_create(const char *path, mode_t mode, struct fuse_file_info *info) {
  serve(CREATE);
  int made = open(BELOW(path), info->flags, mode);
  return result_with_attributes(made, path) < 0 ? -errno : opened(made, info);
}

static int slow_read(const char *path, char *out, size_t size, off_t offset, struct fuse_file_info *info) {
  if (is_control(path)) return control_read(out, size, offset);
  serve(READ);
  return result(pread(descriptor(info), out, size, offset));
}

static int slow_write(const char *path, const char *text, size_t size, off_t offset, struct fuse_file_info *info) {
  if (is_control(path)) return control_write(text, size);
  serve(WRITE);
  set_dirty(info, 1);
  return result(pwrite(descriptor(info), text, size, offset));
}

static int slow_fsync(const char *path, int data_only, struct fuse_file_info *info) {
  (void)data_only;
  if (is_control(path) || !__atomic_load_n(&handle(info)->dirty, __ATOMIC_RELAXED)) return 0;
  serve(COMMIT);
  set_dirty(info, 0);
  return 0;
}

static int slow_flush(const char *path, struct fuse_file_info *info) { return slow_fsync(path, 0, info); }

static int slow_release(const char *path, struct fuse_file_info *info) {
  if (is_control(path)) return 0;
  close(descriptor(info));
  free(handle(info));
  return 0;
}

/* Never waits inside one call: whoever waits may be interrupted. */
static int slow_flock(const char *path, struct fuse_file_info *info, int operation) {
  (void)path;
  serve(LOCK);
  while (flock(descriptor(info), operation | LOCK_NB) == -1) {
    if (errno != EWOULDBLOCK || (operation & LOCK_NB)) return -errno;
    if (fuse_interrupted()) return -EINTR;
    usleep(lock_poll_us);
  }
  return 0;
}

static int slow_readdir(const char *path, void *out, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *info,
                        enum fuse_readdir_flags flags) {
  (void)offset, (void)info, (void)flags;
  serve(READDIR);
  DIR *folder = opendir(BELOW(path));
  if (!folder) return -errno;
  for (struct dirent *name; (name = readdir(folder));) {
    struct stat about = {.st_ino = name->d_ino, .st_mode = (mode_t)name->d_type << 12};
    if (fill(out, name->d_name, &about, 0, 0)) break;
  }
  closedir(folder);
  return 0;
}

static void *slow_init(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)connection;
  config->use_ino = 1;
  config->auto_cache = 1;
  config->attr_timeout = config->entry_timeout = believed_seconds;
  config->negative_timeout = 0;
  return NULL;
}

static const struct fuse_operations operations = {
    .init = slow_init,         .getattr = slow_getattr, .readlink = slow_readlink, .mkdir = slow_mkdir,
    .unlink = slow_unlink,     .rmdir = slow_rmdir,     .symlink = slow_symlink,   .rename = slow_rename,
    .link = slow_link,         .chmod = slow_chmod,     .chown = slow_chown,       .truncate = slow_truncate,
    .utimens = slow_utimens,   .open = slow_open,       .create = slow_create,     .read = slow_read,
    .write = slow_write,       .fsync = slow_fsync,     .flush = slow_flush,       .release = slow_release,
    .flock = slow_flock,       .readdir = slow_readdir, .statfs = slow_statfs,
};

int main(int count, char **words) {
  const char *delay = getenv("SLOWFS_DELAY_US");
  if (count < 3 || !realpath(words[1], root)) {
    fprintf(stderr, "usage: slowfs FOLDER MOUNTPOINT [FUSE options]\n");
    return 2;
  }
  delay_us = delay ? atol(delay) : 0;
  umask(0);
  struct fuse_args arguments = FUSE_ARGS_INIT(0, NULL);
  fuse_opt_add_arg(&arguments, words[0]);
  for (int word = 2; word < count; word++) fuse_opt_add_arg(&arguments, words[word]);
#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 12)
  /* The default, 10, would make the file system the narrow place. */
  fuse_opt_add_arg(&arguments, "-omax_threads=64,max_idle_threads=64");
#endif
  int status = fuse_main(arguments.argc, arguments.argv, &operations, NULL);
  fuse_opt_free_args(&arguments);
  return status;
}
