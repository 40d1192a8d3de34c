/// The class types of Snort and Suricata with the words of their `classification.config` and its priorities.
enum ClassTypes {
  /// The category and the severity of a class type, or nil for an unknown one.
  static func meaning(of name: String) -> (category: String, severity: String)? {
    table[name].map { ($0.0, severity(ofPriority: $0.1)) }
  }

  /// The severity of a priority; 1 is the worst.
  static func severity(ofPriority priority: Int) -> String {
    switch priority {
    case ...1: "high"
    case 2: "medium"
    case 3: "low"
    default: "info"
    }
  }

  private static let table: [String: (String, Int)] = [
    "not-suspicious": ("Not Suspicious Traffic", 3),
    "unknown": ("Unknown Traffic", 3),
    "bad-unknown": ("Potentially Bad Traffic", 2),
    "attempted-recon": ("Attempted Information Leak", 2),
    "successful-recon-limited": ("Information Leak", 2),
    "successful-recon-largescale": ("Large Scale Information Leak", 2),
    "attempted-dos": ("Attempted Denial of Service", 2),
    "successful-dos": ("Denial of Service", 2),
    "denial-of-service": ("Detection of a Denial of Service Attack", 2),
    "attempted-user": ("Attempted User Privilege Gain", 1),
    "unsuccessful-user": ("Unsuccessful User Privilege Gain", 1),
    "successful-user": ("Successful User Privilege Gain", 1),
    "attempted-admin": ("Attempted Administrator Privilege Gain", 1),
    "successful-admin": ("Successful Administrator Privilege Gain", 1),
    "suspicious-login": ("An attempted login using a suspicious username was detected", 2),
    "default-login-attempt": ("Attempt to login by a default username and password", 2),
    "network-scan": ("Detection of a Network Scan", 3),
    "protocol-command-decode": ("Generic Protocol Command Decode", 3),
    "non-standard-protocol": ("Detection of a non-standard protocol or event", 2),
    "string-detect": ("A suspicious string was detected", 3),
    "system-call-detect": ("A system call was detected", 2),
    "shellcode-detect": ("Executable code was detected", 1),
    "misc-activity": ("Misc activity", 3),
    "misc-attack": ("Misc Attack", 2),
    "policy-violation": ("Potential Corporate Privacy Violation", 1),
    "trojan-activity": ("A Network Trojan was detected", 1),
    "web-application-attack": ("Web Application Attack", 1),
    "web-application-activity": ("access to a potentially vulnerable web application", 2),
    "targeted-activity": ("Targeted Malicious Activity was Detected", 1),
    "external-ip-check": ("Device Retrieving External IP Address Detected", 2),
    "command-and-control": ("Malware Command and Control Activity Detected", 1),
    "credential-theft": ("Successful Credential Theft Detected", 1),
    "social-engineering": ("Possible Social Engineering Attempted", 2),
  ]
}
