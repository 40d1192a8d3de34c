import Foundation
import Glibc

/// Why the system refused something, as an error of Foundation has it.
struct SystemCause {
  /// The number of the system's error; nil of one that is not the system's.
  let code: Int32?
  /// In words.
  let text: String

  init(of error: any Error) {
    let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    code = (system as NSError).domain == NSPOSIXErrorDomain ? Int32((system as NSError).code) : nil
    // Safety: strerror gives a static or thread-local string, copied at once.
    text = code.map { unsafe String(cString: strerror($0)) } ?? error.localizedDescription
  }
}
