internal import Foundation

/// How many cores the program may use.
public enum UsableCores {
  /// Those that it may run on (`Cpus_allowed` of proc(5), as `taskset` and cpusets set it), or as many as the time of its
  /// container allows (`cpu.max` of cgroups(7)), where that is less.
  public static var count: Int {
    number(
      status: text("/proc/self/status"), quota: text("/sys/fs/cgroup/cpu.max"),
      present: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The same out of the texts of the two files, which are empty where there are none.
  package static func number(status: String, quota: String, present: Int) -> Int {
    let mask = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }?.dropFirst(13) ?? ""
    let allowed = mask.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
    let shares = quota.split { $0.isWhitespace }.map { Double($0) }
    var cores = allowed > 0 ? min(allowed, present) : present
    if shares.count == 2, let time = shares[0], let period = shares[1], period > 0 {
      cores = Int(min(Double(cores), time / period))
    }
    return max(1, cores)
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
