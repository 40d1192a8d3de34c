internal import CRights

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A user of the system as whom a run goes on, once what needs root is open.
public struct RunUser: Hashable, Sendable {
  /// The name, as the user database has it.
  public let name: String
  /// The number of the user; never 0.
  public let userID: UInt32
  /// The number of its first group.
  public let groupID: UInt32

  /// Looks a user up by name; throws when there is none, and for root, whose rights would all stay.
  public init(_ name: String) throws(RunUserError) {
    guard let entry = try Self.entry(of: name) else {
      throw RunUserError(
        user: name, cause: "there is no such user",
        remedy: "make it ('useradd --system ringwatch') or name another one")
    }
    guard entry.userID != 0 else {
      throw RunUserError(
        user: name, cause: "it is root, whose rights would stay", remedy: "name a user without rights")
    }
    self.name = name
    (userID, groupID) = entry
  }

  /// Throws unless this process is root's, who alone may become another user.
  public func requireRoot() throws(RunUserError) {
    guard geteuid() == 0 else {
      throw RunUserError(
        user: name, cause: "only root can become another user",
        remedy: "start as root, or leave the user out: the run then keeps the rights that it has")
    }
  }

  /// Numbers of a user; nil when there is none of that name.
  private static func entry(of name: String) throws(RunUserError) -> (userID: UInt32, groupID: UInt32)? {
    // The user database is in C strings.
    guard !name.utf8.contains(0) else { return nil }
    var size = 1 << 12
    while size <= 1 << 20 {
      var room = [CChar](repeating: 0, count: size)
      var found = unsafe passwd()
      var result: UnsafeMutablePointer<passwd>?
      // Safety: all live through the call, which writes no more texts than the room has; only numbers are read of it.
      let status = unsafe getpwnam_r(name, &found, &room, room.count, &result)
      guard status == ERANGE else {
        if unsafe result != nil { return unsafe (found.pw_uid, found.pw_gid) }
        // Some systems say so in this way that there is no such user (getpwnam(3)).
        guard [0, ENOENT, ESRCH, EBADF, EPERM].contains(status) else {
          throw RunUserError(
            user: name, cause: "it cannot be looked up: \(CaptureError.words(of: status))",
            remedy: "check the user database (getent passwd)")
        }
        return nil
      }
      size *= 4
    }
    return nil
  }
}

// MARK: Becoming it

extension RunUser {
  /// Becomes this user for good: its groups, its user, no capability, and no way back, which is tried.
  ///
  /// To be called while the process has one thread: users and groups hold for all threads, but the rest for the calling
  /// one and those that it starts.
  public func assume() throws(RunUserError) {
    try requireRoot()
    // In this order, since only root may change groups.
    // Safety: the name is a C string for the length of the call.
    try check(unsafe initgroups(name, groupID), "its groups cannot be taken")
    try check(rights_set_groups(groupID, groupID, groupID), "its group cannot be taken")
    try check(rights_set_users(userID, userID, userID), "root cannot become it")
    try check(rights_drop_capabilities(), "capabilities cannot be given away")
    try check(rights_forgo_new(), "new rights cannot be forgone")
    guard hasNoWayBack else {
      throw RunUserError(
        user: name, cause: "rights of root are left after becoming it",
        remedy: "look for what keeps them (securebits, a security module), or use setcap instead")
    }
  }

  private func check(_ status: Int32, _ problem: String) throws(RunUserError) {
    guard status != 0 else { return }
    throw RunUserError(
      user: name, cause: "\(problem): \(CaptureError.words(of: errno))",
      remedy: "grant CAP_SETUID and CAP_SETGID, as root outside of containers has them")
  }

  /// Whether the process is this user in every respect and cannot become root again.
  private var hasNoWayBack: Bool {
    guard rights_are_of(userID, groupID) == 1 else { return false }
    guard setuid(0) != 0, seteuid(0) != 0, rights_set_users(0, 0, 0) != 0 else { return false }
    // Were this taken, rights to change groups would be left.
    guard setgroups(0, nil) != 0 else { return false }
    guard groupID == 0 || setgid(0) != 0 && setegid(0) != 0 else { return false }
    return rights_have_no_capabilities() == 1 && rights_have_forgone_new() == 1
  }
}

// MARK: Folders

extension RunUser {
  /// Makes a folder with those above it, as far as they are missing, and gives what it made to this user.
  ///
  /// What is there stays as it is: to give away what others may have put there would give them what it leads to. Behind a
  /// folder that others may write to nothing is made: the user can do that itself, and links there may lead anywhere.
  public func makeFolder(_ path: String) throws(RunUserError) {
    var folder = open(path.hasPrefix("/") ? "/" : ".", Self.folderFlags)
    defer { _ = close(folder) }
    var isNew = false
    for part in path.split(separator: "/") where part != "." {
      var next = isNew ? -1 : open(folder, part, Self.folderFlags)
      if next < 0, isNew || errno == ENOENT {
        isNew = true
        next = makeFolder(String(part), in: folder)
      }
      guard next >= 0 else {
        throw RunUserError(
          user: name, cause: "the folder \(path) cannot be made for it: \(CaptureError.words(of: errno))",
          remedy: "make it and give it to the user, or choose another one")
      }
      _ = close(folder)
      folder = next
      if !isNew, !isRootsAlone(folder) { return }
    }
  }

  /// Whether nobody but root may put anything into a folder that leads elsewhere.
  private func isRootsAlone(_ folder: Int32) -> Bool {
    var status = stat()
    // Safety: the status lives through the call.
    guard unsafe fstat(folder, &status) == 0, status.st_uid == 0 else { return false }
    // Of links in a folder as /tmp the kernel follows only those of their owner (proc(5), protected_symlinks).
    return status.st_mode & 0o022 == 0 || status.st_mode & S_ISVTX != 0
  }

  /// Makes one folder and opens it; -1 with the error number when that fails.
  private func makeFolder(_ part: String, in folder: Int32) -> Int32 {
    // Safety: the names are C strings for the length of the calls.
    guard unsafe mkdirat(folder, part, 0o755) == 0 else {
      // Such as `..`.
      return errno == EEXIST ? open(folder, part[...], Self.folderFlags | O_NOFOLLOW) : -1
    }
    let made = open(folder, part[...], Self.folderFlags | O_NOFOLLOW)
    guard made >= 0, fchown(made, userID, groupID) != 0 else { return made }
    let cause = errno
    _ = close(made)
    errno = cause
    return -1
  }

  private static let folderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC

  private func open(_ path: String, _ flags: Int32) -> Int32 { open(AT_FDCWD, path[...], flags) }

  private func open(_ folder: Int32, _ part: Substring, _ flags: Int32) -> Int32 {
    // Safety: the name is a C string for the length of the call.
    unsafe openat(folder, String(part), flags)
  }
}

/// Why a run cannot go on as a user.
public struct RunUserError: Error, Hashable, Sendable {
  /// The user's name as it was given.
  public let user: String
  /// What went wrong.
  public let cause: String
  /// What the user of the program can do.
  public let remedy: String
}

extension RunUserError: CustomStringConvertible {
  /// One line for standard error.
  public var description: String { "user '\(user)': \(cause); \(remedy)" }
}
