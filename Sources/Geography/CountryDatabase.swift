internal import CMaxMind
internal import Glibc
public import Values

/// Countries of addresses, from a file in the MaxMind DB format.
///
/// Safety: the C structure is filled by `MMDB_open`, which checks the file's layout, and is freed once, when
/// the last user lets go. The two paths are arrays of C strings that end with nil and live as long.
/// Proof: after `init` nothing of it changes; libmaxminddb only reads the mapped file in lookups, which may
/// run on several threads at once (libmaxminddb(3), “thread safety”).
@safe public final class CountryDatabase: @unchecked Sendable {
  private let database: UnsafeMutablePointer<MMDB_s>
  /// Where GeoLite2, GeoIP2 and DB-IP keep the code.
  private let nested = CStringPath(["country", "iso_code"])
  /// Where IPinfo keeps it.
  private let flat = CStringPath(["country_code"])

  /// Opens a file.
  public init(path: String) throws(CountryDatabaseError) {
    let memory = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
    unsafe memory.initialize(to: MMDB_s())
    let status = unsafe MMDB_open(path, UInt32(MMDB_MODE_MMAP), memory)
    guard status == MMDB_SUCCESS else {
      let reason = unsafe String(cString: MMDB_strerror(status))
      let detail =
        status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR
        ? unsafe String(cString: strerror(errno)) : reason
      unsafe memory.deallocate()
      throw CountryDatabaseError(path: path, cause: detail)
    }
    unsafe database = memory
  }

  deinit {
    unsafe MMDB_close(database)
    unsafe database.deallocate()
  }

  /// The country of an address, or nil; reads the mapped file and allocates nothing.
  public func country(of address: IPAddress) -> CountryCode? {
    var error = MMDB_SUCCESS
    var found = unsafe address.isIPv6 ? lookUp(v6: address, &error) : lookUp(v4: address, &error)
    guard error == MMDB_SUCCESS, unsafe found.found_entry else { return nil }
    return unsafe country(in: &found.entry, nested) ?? country(in: &found.entry, flat)
  }

  private func lookUp(v4 address: IPAddress, _ error: inout Int32) -> MMDB_lookup_result_s {
    var socket = sockaddr_in()
    socket.sin_family = sa_family_t(AF_INET)
    socket.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
    // Safety: the address outlives the call, which reads no more than its family says.
    return unsafe withUnsafePointer(to: &socket) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe MMDB_lookup_sockaddr(database, $0, &error)
      }
    }
  }

  private func lookUp(v6 address: IPAddress, _ error: inout Int32) -> MMDB_lookup_result_s {
    var socket = sockaddr_in6()
    socket.sin6_family = sa_family_t(AF_INET6)
    var halves = (address.high.bigEndian, address.low.bigEndian)
    // Safety: both are 16 bytes, and the address outlives the call, which reads no more than its family says.
    unsafe withUnsafeBytes(of: &halves) { bytes in
      unsafe withUnsafeMutableBytes(of: &socket.sin6_addr) { unsafe $0.copyMemory(from: bytes) }
    }
    return unsafe withUnsafePointer(to: &socket) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe MMDB_lookup_sockaddr(database, $0, &error)
      }
    }
  }

  private func country(in entry: inout MMDB_entry_s, _ path: CStringPath) -> CountryCode? {
    var data = unsafe MMDB_entry_data_s()
    let status = unsafe MMDB_aget_value(&entry, &data, path.words)
    guard status == MMDB_SUCCESS, unsafe data.has_data,
      unsafe data.type == UInt32(MMDB_DATA_TYPE_UTF8_STRING), unsafe data.data_size == 2,
      let text = unsafe data.utf8_string
    else { return nil }
    // Safety: the library checked that the string's two bytes are inside the file.
    return unsafe CountryCode(UInt8(bitPattern: text[0]), UInt8(bitPattern: text[1]))
  }
}

/// Where a value stands in a record of the database: names, as an array of C strings that ends with nil.
///
/// Safety: made once, freed once with the object, and read only in between.
@safe private final class CStringPath {
  let words: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let count: Int

  init(_ names: [String]) {
    count = names.count
    unsafe words = .allocate(capacity: names.count + 1)
    for (index, name) in names.enumerated() {
      unsafe (words + index).initialize(to: UnsafePointer(strdup(name)))
    }
    unsafe (words + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { unsafe free(UnsafeMutablePointer(mutating: words[index])) }
    unsafe words.deallocate()
  }
}
