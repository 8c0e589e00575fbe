; SPDX-License-Identifier: GPL-3.0-or-later
; The installer for Windows. It packs a stage: the folder that cmake --install and Qt's deploy script have filled.
;   makensis -DVERSION=1.2.3 -DSTAGE=C:\stage -DOUT=slotscope.exe slotscope.nsi
; With SIGN, a command line with %1 for the file, the installer and its uninstaller are signed by it.
Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
!ifndef VERSION | STAGE | OUT
    !error "VERSION, STAGE and OUT are wanted"
!endif
!ifdef SIGN
    !finalize '${SIGN}'
    !uninstfinalize '${SIGN}'
!endif
!include MUI2.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Slotscope"
Name "Slotscope ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Slotscope"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Slotscope"
VIAddVersionKey "FileDescription" "Slotscope installer"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"

!define MUI_ICON "slotscope.ico"
!define MUI_UNICON "slotscope.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\bin\slotscope.exe"
!insertmacro MUI_PAGE_LICENSE "..\..\LICENSE"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Korean"

; An address of this kind opens in Slotscope: for this user alone.
!macro handle SCHEME
    WriteRegStr HKCU "Software\Classes\${SCHEME}" "" "URL:${SCHEME}"
    WriteRegStr HKCU "Software\Classes\${SCHEME}" "URL Protocol" ""
    WriteRegStr HKCU "Software\Classes\${SCHEME}\shell\open\command" "" '"$INSTDIR\bin\slotscope.exe" "%1"'
!macroend
; Only where it is still ours: another program may have taken it since.
!macro unhandle SCHEME
    ReadRegStr $0 HKCU "Software\Classes\${SCHEME}\shell\open\command" ""
    ${If} $0 == '"$INSTDIR\bin\slotscope.exe" "%1"'
        DeleteRegKey HKCU "Software\Classes\${SCHEME}"
    ${EndIf}
!macroend
!include LogicLib.nsh

; Never into, and never out of, a folder that others have filled. What an older Slotscope brought and this one does not must not stay.
Function ownFolder
    ${If} ${FileExists} "$INSTDIR\slotscope.ico"
        RMDir /r "$INSTDIR\bin"
        RMDir /r "$INSTDIR\plugins"
    ${ElseIf} ${FileExists} "$INSTDIR\*.*"
        StrCpy $INSTDIR "$INSTDIR\Slotscope"
    ${EndIf}
FunctionEnd

Section "Slotscope" program
    SectionIn RO
    Call ownFolder
    SetOutPath "$INSTDIR"
    File /r "${STAGE}/*"
    File slotscope.ico
    WriteUninstaller "$INSTDIR\uninstall.exe"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Slotscope"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\slotscope.ico"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Slotscope developers"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
    SectionGetSize ${program} $0
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Section "Start menu" menu
    CreateShortcut "$SMPROGRAMS\Slotscope.lnk" "$INSTDIR\bin\slotscope.exe" "" "$INSTDIR\slotscope.ico"
SectionEnd

Section "Open redis:// and valkey:// addresses" addresses
    !insertmacro handle redis
    !insertmacro handle rediss
    !insertmacro handle valkey
    !insertmacro handle valkeys
    !insertmacro handle redis+sentinel
    !insertmacro handle rediss+sentinel
SectionEnd

Section "Uninstall"
    !insertmacro unhandle redis
    !insertmacro unhandle rediss
    !insertmacro unhandle valkey
    !insertmacro unhandle valkeys
    !insertmacro unhandle redis+sentinel
    !insertmacro unhandle rediss+sentinel
    Delete "$SMPROGRAMS\Slotscope.lnk"
    ; the user's own settings and journals lie elsewhere, and stay
    RMDir /r "$INSTDIR\bin"
    RMDir /r "$INSTDIR\plugins"
    RMDir /r "$INSTDIR\translations"
    RMDir /r "$INSTDIR\share"
    Delete "$INSTDIR\slotscope.ico"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
