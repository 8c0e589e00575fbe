#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts @PROGRAM@ with the libraries next to it. Libraries in the folder spare are only used if the system has none of that name.
here=$(dirname "$(readlink -f "$0")")
known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null)
for spare in "$here"/spare/*; do
    case $known in
    *"${spare##*/} "*) ;;
    *) LD_LIBRARY_PATH=$spare${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} && export LD_LIBRARY_PATH ;;
    esac
done
exec "$here/bin/@PROGRAM@" "$@"
