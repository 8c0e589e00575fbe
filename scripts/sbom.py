#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the list of what a package consists of (SPDX 2.3, JSON), from the libraries that its programs are linked to on this Debian system.

  sbom.py make VERSION OUT [--held FILE] [--static NAME[=VERSION=LICENCE]]… PROGRAM…
      PROGRAM: the built programs, and plugins that they load at run time. --held: a file with the paths of the libraries that the
      package contains, one per line. --static: a statically linked or header-only library; version and licence are only given if no
      package of this system provides it.
  sbom.py check FILE [NAME]…
      Fails if FILE is not well-formed or does not list the packages NAME.
The same programs on the same system always give the same bytes: the time is SOURCE_DATE_EPOCH, the namespace depends on the content.
"""
import datetime
import functools
import hashlib
import json
import os
import re
import subprocess
import sys

LICENCES = {"expat": "MIT", "mit": "MIT", "zlib": "Zlib", "isc": "ISC", "apache-2.0": "Apache-2.0", "cc0-1.0": "CC0-1.0",
            "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "mpl-2.0": "MPL-2.0", "bsl-1.0": "BSL-1.0"}
LICENCES.update({f"bsd-{n}-clauses": f"BSD-{n}-Clause" for n in (2, 3)})
for family, versions in {"gpl": "123", "lgpl": "23", "agpl": "3", "lgpl-2.1": ""}.items():
    for version in versions or [""]:
        name = f"{family}-{version}" if version else family
        spdx = name.upper() + ("" if "." in name else ".0")
        for written in {name, name + ("" if "." in name else ".0")}:
            LICENCES.update({written: spdx + "-only", written + "+": spdx + "-or-later"})


def out(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout


def libraries(program):
    """Returns all libraries that the loader would load for a program or library, as paths by the name that is looked up."""
    found = re.findall(r"^\t(?:(\S+) => )?(/\S+) \(0x", out("ldd", program), re.M)
    return {name or os.path.basename(path): os.path.realpath(path) for name, path in found}


def needed(program):
    return set(re.findall(r"NEEDED\s+(\S+)", out("objdump", "-p", program)))


@functools.lru_cache(maxsize=None)
def owner(path):
    """Returns the package of a file, whose path may begin with /usr or not, or None if no package contains it."""
    for name in (path, path.removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(": ")[0].split(",")[0].strip()
    return None


def licence(package):
    """Returns the licence of “Files: *” in a machine-readable copyright file as an SPDX expression, or NOASSERTION if it is unknown."""
    try:
        with open(f"/usr/share/doc/{package.split(':')[0]}/copyright", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return "NOASSERTION"
    if not re.match(r"Format:\s*\S*copyright-format", text):
        return "NOASSERTION"
    for paragraph in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(\S+):[ \t]*(.*)$", paragraph, re.M))
        if fields.get("Files", "").strip() == "*" and "License" in fields:
            words = [word.strip() for word in re.split(r"\s+(or|and)\s+", fields["License"].lower().replace(",", ""))]
            parts = [word.upper() if word in ("or", "and") else LICENCES.get(word) for word in words]
            return " ".join(parts) if all(parts) else "NOASSERTION"
    return "NOASSERTION"


def described(package, distribution):
    fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\t${Homepage}"
    name, version, architecture, source, source_version, homepage = out("dpkg-query", "-W", "-f", fields, package).split("\t")
    entry = {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name),
        "name": name, "versionInfo": version, "supplier": "Organization: Debian", "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": licence(name), "copyrightText": "NOASSERTION",
        "sourceInfo": f"built from: {source} {source_version}",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": f"pkg:deb/{distribution[0]}/{name}@{version.replace('+', '%2B')}?arch={architecture}&distro={'-'.join(distribution)}"}],
    }
    if homepage:
        entry["homepage"] = homepage
    if entry["licenseDeclared"] != "NOASSERTION":
        entry["licenseComments"] = "Of “Files: *” in Debian's copyright file of the package; single files may have others."
    return entry


def make(version, target, held, static, programs):
    with open("/etc/os-release", encoding="utf-8") as file:
        system = dict(re.findall(r'^(\w+)="?([^"\n]*)', file.read(), re.M))
    distribution = (system.get("ID", "debian"), system.get("VERSION_ID", "unknown"))
    direct, indirect = set(), set()
    for program in programs:
        wanted = needed(program)
        own = owner(os.path.realpath(program))
        if own:
            indirect.add(own)
        for name, path in libraries(program).items():
            # libraries that only a plugin is linked to are not direct dependencies of the program
            linked = not own and name in wanted
            (direct if linked else indirect).add(owner(path) or sys.exit(f"sbom.py: {path} is of no package"))
    brought = {owner(os.path.realpath(path)) for path in held}
    me = {"SPDXID": "SPDXRef-Package", "name": "slotscope", "versionInfo": version, "supplier": "Organization: Slotscope developers",
          "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "GPL-3.0-or-later",
          "licenseDeclared": "GPL-3.0-or-later", "copyrightText": "2026 Slotscope developers", "primaryPackagePurpose": "APPLICATION"}
    packages, relations = [me], [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package")]
    for package in sorted(direct | indirect | brought):
        entry = described(package, distribution)
        packages.append(entry)
        kind = "CONTAINS" if package in brought else "DYNAMIC_LINK" if package in direct else "DEPENDS_ON"
        relations.append(("SPDXRef-Package", kind, entry["SPDXID"]))
    for word in static:
        name, its_version, its_licence = (word + "==").split("=")[:3]
        if not its_version:
            packages.append(described(name, distribution))
            relations.append(("SPDXRef-Package", "STATIC_LINK", packages[-1]["SPDXID"]))
            continue
        packages.append({"SPDXID": f"SPDXRef-static-{name}", "name": name, "versionInfo": its_version, "downloadLocation": "NOASSERTION",
                         "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": its_licence,
                         "copyrightText": "NOASSERTION"})
        relations.append(("SPDXRef-Package", "STATIC_LINK", f"SPDXRef-static-{name}"))
    moment = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    document = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"slotscope-{version}",
                "creationInfo": {"created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                                 "creators": ["Tool: slotscope-sbom.py", "Organization: Slotscope developers"]},
                "packages": packages,
                "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations]}
    content = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    document["documentNamespace"] = f"https://slotscope.example/spdx/slotscope-{version}-{content[:32]}"
    with open(target, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1, ensure_ascii=False)
        file.write("\n")


EXPRESSION = re.compile(r"^(NOASSERTION|NONE|[A-Za-z0-9.+-]+( (AND|OR) [A-Za-z0-9.+-]+)*)$")


def faults(document):
    """Yields what SPDX 2.3 requires and the document lacks."""
    for field in ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "relationships"):
        if not document.get(field):
            yield f"no {field}"
            return
    if (document["spdxVersion"], document["dataLicense"], document["SPDXID"]) != ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"):
        yield "not SPDX 2.3 under CC0-1.0"
    if not re.fullmatch(r"https?://[^#\s]+", document["documentNamespace"]):
        yield "the namespace is no URI without a fragment"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"].get("created", "")):
        yield "the time of creation is off"
    if not all(re.match(r"(Person|Organization|Tool): ", each) for each in document["creationInfo"].get("creators") or ["?"]):
        yield "a creator is off"
    known = [document["SPDXID"]]
    for package in document["packages"]:
        known.append(package.get("SPDXID", ""))
        if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", known[-1]):
            yield f"{package}: its id is off"
        if not (package.get("name") and package.get("versionInfo") and package.get("downloadLocation")):
            yield f"{known[-1]}: name, version or where it is from is missing"
        for field in ("licenseConcluded", "licenseDeclared"):
            if not EXPRESSION.match(package.get(field, "")):
                yield f"{known[-1]}: {field} is off"
    if len(known) != len(set(known)):
        yield "an id is there twice"
    related = {"SPDXRef-Package"}
    for relation in document["relationships"]:
        for end in ("spdxElementId", "relatedSpdxElement"):
            if relation.get(end) not in known:
                yield f"a relationship with {relation.get(end)}, which is not there"
            related.add(relation.get(end))
    for lost in set(known[1:]) - related:
        yield f"{lost}: related to nothing"


def check(file, names):
    with open(file, encoding="utf-8") as text:
        document = json.load(text)
    found = list(faults(document)) + [f"{name} is not named" for name in sorted(set(names) - {each["name"] for each in document["packages"]})]
    for fault in found:
        print(f"{file}: {fault}", file=sys.stderr)
    told = sum(each["licenseDeclared"] != "NOASSERTION" for each in document["packages"])
    print(f"sbom: {len(document['packages'])} packages, {told} with a licence, {len(found)} faults")
    return 1 if found else 0


def main(words):
    if len(words) >= 2 and words[0] == "check":
        return check(words[1], words[2:])
    if len(words) < 4 or words[0] != "make":
        print(__doc__, file=sys.stderr)
        return 2
    held, static, programs, rest = [], [], [], iter(words[3:])
    for word in rest:
        if word == "--held":
            with open(next(rest), encoding="utf-8") as file:
                held = file.read().split()
        elif word == "--static":
            static.append(next(rest))
        else:
            programs.append(word)
    make(words[1], words[2], held, static, programs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
