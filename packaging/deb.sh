#!/usr/bin/env bash
# Makes the Debian package of a binary: packaging/deb.sh BINARY FOLDER. The same
# commit and binary give the same bytes. COMPRESSION is that of dpkg-deb -Z.
set -euo pipefail
umask 022
binary=$(realpath "$1") out=$(realpath "$2")
cd "$(dirname "$0")/.."
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
version=$("$binary" version | sed 's/^selfhelp \([^ ]*\).*/\1/')
architecture=${ARCHITECTURE:-$(dpkg --print-architecture)}
maintainer=${DEB_MAINTAINER:-$(git log -1 --format='%an <%ae>')}
day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
put() { install -D -m "${3:-644}" "$1" "$stage/$2"; } # put FILE WHERE [MODE]

put "$binary" usr/bin/selfhelp 755
put packaging/selfhelp.service lib/systemd/system/selfhelp.service
# Nothing is copied until somebody says where to: until then the server would not start.
sed 's/^  replication: embedded$/  replication: "off" # embedded, once SELFHELP_REPLICA is in \/etc\/selfhelp\/environment/' litestream.yml >"$stage/litestream.yml"
put "$stage/litestream.yml" etc/selfhelp/litestream.yml
rm "$stage/litestream.yml"

page() { "$binary" man | sed "1s/ 1 \"\"/ 1 \"$day\"/"; }
if command -v mandoc >/dev/null; then page | mandoc -Tlint -Wwarning; fi
install -d "$stage/usr/share/man/man1" "$stage/usr/share/bash-completion/completions" \
	"$stage/usr/share/zsh/vendor-completions" "$stage/usr/share/fish/vendor_completions.d" "$stage/usr/share/doc/selfhelp"
page | gzip -9n >"$stage/usr/share/man/man1/selfhelp.1.gz"
"$binary" completion bash >"$stage/usr/share/bash-completion/completions/selfhelp"
"$binary" completion zsh >"$stage/usr/share/zsh/vendor-completions/_selfhelp"
"$binary" completion fish >"$stage/usr/share/fish/vendor_completions.d/selfhelp.fish"

doc=$stage/usr/share/doc/selfhelp
cat >"$doc/copyright" <<EOT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Self Help

Files: *
Copyright: ${day%%-*} the authors of Self Help, and those of the modules that
 "selfhelp version --json" lists
License: Apache-2.0
 On Debian systems, the text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
EOT
# It is one static binary on purpose; and the unit is looked after without debhelper.
install -d "$stage/usr/share/lintian/overrides"
cat >"$stage/usr/share/lintian/overrides/selfhelp" <<EOT
selfhelp: statically-linked-binary [usr/bin/selfhelp]
selfhelp: maintainer-script-calls-systemctl *
EOT
cat <<EOT | gzip -9n >"$doc/changelog.gz"
selfhelp ($version) unstable; urgency=medium

  * What changed stands in CHANGELOG.md of the sources.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
EOT

install -d "$stage/DEBIAN"
cp packaging/postinst packaging/prerm packaging/postrm "$stage/DEBIAN/"
chmod 755 "$stage"/DEBIAN/*
echo /etc/selfhelp/litestream.yml >"$stage/DEBIAN/conffiles"
cat >"$stage/DEBIAN/control" <<EOT
Package: selfhelp
Version: $version
Section: web
Priority: optional
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k -s --apparent-size --exclude=DEBIAN "$stage" | cut -f1)
Depends: adduser
Recommends: ca-certificates
Suggests: litestream
Description: self-hosted platform for guided procedures
 Someone who knows writes a decision tree in the browser; people who have the
 problem are led through it, question by question, to an outcome; the report of
 each journey shows where the tree helps and where it does not.
 .
 One server with its databases inside, which it copies to a second site itself.
EOT
(cd "$stage" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Z"${COMPRESSION:-xz}" --build "$stage" "$out/selfhelp_${version}_$architecture.deb"
