import Anomaly
import ArgumentParser
import Foundation

/// The file of a model, read and written as a whole.
enum ModelPlace {
  /// The detector of a model; what is wrong with the file ends the program with 2.
  static func read(_ path: String, options: SurpriseOptions) throws -> SurpriseDetector {
    guard let data = FileManager.default.contents(atPath: path) else {
      Terminal.complain(
        "ringwatch: \(path): there is no such file, or it cannot be read; 'ringwatch train' writes models")
      throw ExitCode(2)
    }
    do throws(ModelError) {
      return try ModelFile.detector(from: [UInt8](data), options: options)
    } catch {
      Terminal.complain("ringwatch: \(path): \(error.description)")
      throw ExitCode(2)
    }
  }

  /// Looks whether a model can be written there, before the work is done.
  static func check(_ path: String) throws {
    let target = target(of: path)
    let type = try? FileManager.default.attributesOfItem(atPath: target.path)[.type] as? FileAttributeType
    guard !path.isEmpty, !path.hasSuffix("/"), type == nil || type == .typeRegular else {
      Terminal.complain("ringwatch: '\(path)': a model is written to a file; name one")
      throw ExitCode(2)
    }
    let folder = target.deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder + "/.") else {
      Terminal.complain("ringwatch: \(path): no file can be written in this folder; choose another one")
      throw ExitCode(2)
    }
  }

  /// What a link stands for, so that it stays one.
  private static func target(of path: String) -> URL { URL(fileURLWithPath: path).resolvingSymlinksInPath() }

  /// Writes a model beside the place and moves it there, so that nobody ever reads half of one.
  ///
  /// Nothing but the settings keeps a run from scoring, so they are to be mended when there is no detector.
  static func write(_ detector: SurpriseDetector?, to path: String) throws {
    guard let detector else {
      Terminal.complain("ringwatch: \(path): nothing was scored, so there is no model; set scores.enabled")
      throw ExitCode(2)
    }
    do {
      try Data(ModelFile.bytes(of: detector)).write(to: target(of: path), options: .atomic)
    } catch {
      Terminal.complain("ringwatch: \(path): the model cannot be written; check that the folder has room")
      throw ExitCode(1)
    }
  }
}
