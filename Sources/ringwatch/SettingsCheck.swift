import Capture
import Foundation
import Geography
import Pipeline

/// Looks at what a configuration names as a run would, without capturing.
enum SettingsCheck {
  /// Why a run would refuse the configuration, one line each.
  static func faults(of settings: SensorSettings) -> [String] {
    [
      countryFault(settings), inputFault(settings), folderFault(settings), outputFault(settings),
      userFault(settings),
    ].compactMap { $0 }
  }

  private static func outputFault(_ settings: SensorSettings) -> String? {
    let folder = settings.logFolder == "-" ? nil : settings.logFolder
    let log = folder.map { [$0 + "/eve.json"] } ?? []
    return RunOutputs(settings.outputs, folder: folder).fault(beside: settings.files + log)
  }

  /// Whether the user exists; who may become it is another matter.
  private static func userFault(_ settings: SensorSettings) -> String? {
    guard let name = settings.user else { return nil }
    do throws(RunUserError) {
      _ = try RunUser(name)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static func countryFault(_ settings: SensorSettings) -> String? {
    guard let path = settings.countryDatabase else { return nil }
    do throws(CountryDatabaseError) {
      _ = try CountryDatabase(path: path)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Files that nobody waits for are opened; a filter of anything else is compiled for Ethernet.
  private static func inputFault(_ settings: SensorSettings) -> String? {
    do throws(CaptureError) {
      if !settings.files.isEmpty, settings.files.allSatisfy({ isFileOrMissing($0) }) {
        let reader = try PcapReader(settings.files, filter: settings.filter)
        return reader.failureOfAll.map { "\($0)" }
      } else if let filter = settings.filter {
        try FrameFilter.check(filter)
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static func isFileOrMissing(_ path: String) -> Bool {
    guard path != "-" else { return false }
    let type = type(of: path)
    return type == nil || type == .typeRegular || type == .typeDirectory
  }

  private static func folderFault(_ settings: SensorSettings) -> String? {
    let path = settings.logFolder
    guard path != "-", type(of: path) == .typeRegular else { return nil }
    return "\(path): the log folder cannot be made: it is a file; choose another log.folder"
  }

  /// What is at a path, a link followed; nil when nothing is.
  private static func type(of path: String) -> FileAttributeType? {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
  }
}
