/// Why a country database cannot be used.
public struct CountryDatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it, in the words of libmaxminddb.
  public let cause: String

  init(path: String, cause: String) {
    self.path = path
    self.cause = cause
  }

  /// Cause and remedy in one line.
  public var description: String {
    "\(path): no country database can be read from it: \(cause); name a MaxMind DB file with countries "
      + "(.mmdb, such as GeoLite2-Country), or leave geoip out"
  }
}
