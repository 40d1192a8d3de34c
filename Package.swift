// swift-tools-version: 6.2
import PackageDescription

/// The same strictness everywhere: Swift 6 mode, checked memory safety, no warnings.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// Targets from the ground floor up; a target depends only on lower floors.
let package = Package(
  name: "ringwatch",
  products: [
    .executable(name: "ringwatch", targets: ["ringwatch"]),
    // For the fuzz targets, which are a package of their own.
    .library(name: "Decoders", targets: ["Capture", "Packets", "Protocols", "Values"]),
    // With it for the benchmarks.
    .library(name: "Sensor", targets: ["Events", "Output", "Pipeline", "Rules"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CVectorscan", pkgConfig: "libhs", providers: [.apt(["libvectorscan-dev"])]),
    .systemLibrary(
      name: "CMaxMind", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Nothing to link with: a word that Swift lacks.
    .systemLibrary(name: "CMemory"),
    // Likewise: calls of the system for rights.
    .systemLibrary(name: "CRights"),

    .target(name: "Values", dependencies: ["CMemory"], swiftSettings: strict),
    .target(name: "Numbering", dependencies: ["Values"], swiftSettings: strict),
    .target(name: "Geography", dependencies: ["CMaxMind", "Values"], swiftSettings: strict),
    .target(name: "Packets", dependencies: ["Values"], swiftSettings: strict),
    .target(name: "Events", dependencies: ["Values"], swiftSettings: strict),
    .target(
      name: "Capture", dependencies: ["CPcap", "CRights", "CZlib", "Packets", "Values"],
      swiftSettings: strict),
    .target(name: "Protocols", dependencies: ["Packets", "Values"], swiftSettings: strict),
    .target(
      name: "Tracking",
      dependencies: [
        "Events", "Numbering", "Packets", "Protocols", "Values",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Rules", dependencies: ["CVectorscan", "CYAML", "Events", "Numbering", "Values"],
      swiftSettings: strict),
    .target(name: "Anomaly", dependencies: ["Events", "Values"], swiftSettings: strict),
    .target(name: "Output", dependencies: ["Events", "Rules", "Values"], swiftSettings: strict),
    .target(
      name: "Simulation",
      dependencies: [
        "Rules", "Values",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(name: "Benchmarking", dependencies: ["Simulation"], swiftSettings: strict),
    .target(
      name: "Pipeline",
      dependencies: [
        "Anomaly", "Capture", "Events", "Geography", "Numbering", "Output", "Packets", "Protocols", "Rules",
        "Tracking", "Values",
      ],
      swiftSettings: strict),
    .target(
      name: "Report",
      dependencies: [
        "Anomaly", "Events", "Rules", "Tracking", "Values",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ringwatch",
      dependencies: [
        "Anomaly", "Benchmarking", "Capture", "Events", "Geography", "Output", "Packets", "Pipeline",
        "Report", "Rules",
        "Simulation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestCaptures", dependencies: ["Values"], path: "Tests/TestCaptures", swiftSettings: strict),
    .testTarget(name: "ValuesTests", dependencies: ["Values"], swiftSettings: strict),
    .testTarget(
      name: "GeographyTests", dependencies: ["Geography", "TestCaptures", "Values"], swiftSettings: strict),
    .testTarget(name: "NumberingTests", dependencies: ["Numbering", "Values"], swiftSettings: strict),
    .testTarget(name: "PacketsTests", dependencies: ["Packets", "Values"], swiftSettings: strict),
    .testTarget(name: "EventsTests", dependencies: ["Events", "Values"], swiftSettings: strict),
    .testTarget(
      name: "CaptureTests", dependencies: ["Capture", "Packets", "TestCaptures", "Values"],
      swiftSettings: strict),
    .testTarget(
      name: "ProtocolsTests", dependencies: ["Packets", "Protocols", "Values"],
      swiftSettings: strict),
    .testTarget(
      name: "TrackingTests",
      dependencies: ["Events", "Packets", "Protocols", "Tracking", "Values"],
      swiftSettings: strict),
    .testTarget(
      name: "RulesTests", dependencies: ["Events", "Numbering", "Rules", "Values"], swiftSettings: strict),
    .testTarget(
      name: "BenchmarkingTests", dependencies: ["Benchmarking", "Rules", "Simulation"], swiftSettings: strict),
    .testTarget(
      name: "AnomalyTests", dependencies: ["Anomaly", "Events", "TestCaptures", "Values"],
      swiftSettings: strict),
    .testTarget(
      name: "OutputTests", dependencies: ["Events", "Output", "Rules", "TestCaptures", "Values"],
      swiftSettings: strict),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Anomaly", "Capture", "Events", "Output", "Packets", "Pipeline", "Rules", "TestCaptures", "Tracking",
        "Values",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Capture", "Events", "Output", "Pipeline", "Report", "Rules", "TestCaptures", "Tracking", "Values",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Capture", "Events", "Numbering", "Output", "Packets", "Pipeline", "Protocols", "Rules", "Simulation",
        "TestCaptures", "Values",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["TestCaptures", "Values", "ringwatch"],
      swiftSettings: strict),
  ]
)
