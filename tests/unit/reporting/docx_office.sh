#!/usr/bin/env bash
# Whether a word processor opens every document that we write, and lays it out.
# Exit code 77: there is none here. Usage: docx_office.sh DOCX_SAMPLES
set -euo pipefail
command -v soffice >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder"
soffice "-env:UserInstallation=file://$folder/profile" --headless \
  --convert-to pdf --outdir "$folder" "$folder"/*.docx >"$folder/log" 2>&1
for document in "$folder"/*.docx; do
  pdf=${document%.docx}.pdf
  [[ -s $pdf ]] || { echo "not opened: $document"; cat "$folder/log"; exit 1; }
  # A document that is not understood is a page of XML, or an empty one.
  pages=$(grep -aoE '/Type ?/Page\b' "$pdf" | wc -l)
  echo "$(basename "$document"): $pages pages"
  ((pages >= 2 && pages <= 20)) || exit 1
done
