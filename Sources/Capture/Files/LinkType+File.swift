internal import Packets

extension LinkType {
  /// The link type that a capture file states (`LINKTYPE_`), as the number that filters are compiled for
  /// (libpcap's `DLT_`).
  ///
  /// On Linux five differ, all below 107 (<https://www.tcpdump.org/linktypes.html>).
  init(inFile number: UInt32) {
    let known: Int32? =
      switch number {
      case 100: 11  // ATM with LLC/SNAP (RFC 1483)
      case 101: 12  // raw IP
      case 102: 15  // SLIP of BSD/OS
      case 103: 16  // PPP of BSD/OS
      case 106: 19  // classical IP over ATM
      default: nil
      }
    self.init(rawValue: known ?? Int32(truncatingIfNeeded: number))
  }
}
