// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transfer/importjob.h"
#include "ui/browser/keyact.h"
#include "ui/browser/keypane.h"

#include <QObject>

namespace slotscope {

class BulkStrip;
class PageContext;

/// Jobs with many keys: asks for what each needs to know, and starts it in the strip, one at a time. GUI thread.
class KeyJobs final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobs)
public:
    /// `parent` also carries the questions.
    KeyJobs(PageContext &context, BulkStrip &strip, QWidget *parent);

    /// `scanIsWhole`: the scan that found them has read every key.
    void start(KeyAct act, const KeySelection &selection, bool scanIsWhole);
    /// `database`: that the keys are written to.
    void askForImport(int database);

Q_SIGNALS:
    void keysChanged(); ///< keys were made or are gone: what was scanned is old

private:
    void ask(KeyAct act, const QByteArrayList &keys, const ScanRequest &scan, bool scanIsWhole);
    /// `what`: titles of what was selected.
    void askToDelete(const QByteArrayList &keys, const QString &what, int database, bool scanIsWhole);
    /// `words`: what is to be known of the keys before the time is chosen; empty: nothing.
    void askForExpiry(const QByteArrayList &keys, int database, bool onlyEndless, const QString &words);
    void askForExport(const QByteArrayList &keys, int database);
    void askForCopy(const QByteArrayList &keys, int database);
    void askForPrefix(const QByteArrayList &keys, int database);
    void runImport(const ImportRequest &request);
    void tellBusy();

    PageContext &m_context;
    BulkStrip &m_strip;
    QWidget *m_parent;
};

} // namespace slotscope
