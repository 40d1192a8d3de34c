#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* prctl(2) takes any number of arguments, which Swift cannot call, and the C library has no words for capset(2) and
   capget(2). What these change holds for the calling thread and for those that it starts later. */

/* setresuid(2) and its kin, which are declared only under _GNU_SOURCE; real, effective, saved. Unlike the others they
   hold for all threads. */
int rights_set_users(uid_t, uid_t, uid_t) __asm__("setresuid");
int rights_set_groups(gid_t, gid_t, gid_t) __asm__("setresgid");
int rights_get_users(uid_t *_Nonnull, uid_t *_Nonnull, uid_t *_Nonnull) __asm__("getresuid");
int rights_get_groups(gid_t *_Nonnull, gid_t *_Nonnull, gid_t *_Nonnull) __asm__("getresgid");

/* Whether the process is a user's and a group's alone. */
static inline int rights_are_of(uid_t user, gid_t group) {
  uid_t users[3];
  gid_t groups[3];
  if (rights_get_users(&users[0], &users[1], &users[2]) != 0) return 0;
  if (rights_get_groups(&groups[0], &groups[1], &groups[2]) != 0) return 0;
  for (int index = 0; index < 3; index++)
    if (users[index] != user || groups[index] != group) return 0;
  return 1;
}

/* Rights that a program file would give, by a set-user-ID bit or capabilities, are never gained again; 0 when done. */
static inline int rights_forgo_new(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L); }

/* Whether they are. */
static inline int rights_have_forgone_new(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) == 1; }

/* Gives all capabilities away, also those that a program file would inherit; 0 when done. */
static inline int rights_drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};
  return (int)syscall(SYS_capset, &header, none);
}

/* Whether none is left. */
static inline int rights_have_no_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};
  if (syscall(SYS_capget, &header, held) != 0) return 0;
  for (int word = 0; word < _LINUX_CAPABILITY_U32S_3; word++)
    if (held[word].effective || held[word].permitted || held[word].inheritable) return 0;
  return 1;
}
