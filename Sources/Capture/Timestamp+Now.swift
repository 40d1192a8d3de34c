internal import CPcap
public import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension Timestamp {
  /// The present time, by which live input is stamped and its age is judged.
  public static var now: Timestamp {
    var time = timespec()
    // Safety: the structure lives during the call.
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }
}
