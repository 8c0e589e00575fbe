// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transfer/importjob.h"
#include "ui/browser/keyact.h"
#include "ui/browser/keypane.h"

#include <QObject>

namespace slotscope {

class BulkStrip;
class PageContext;

/// Bulk jobs: asks for the options of each and starts it in the strip, one at a time. GUI thread.
class KeyJobs final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobs)
public:
    /// `parent` is also the parent of the questions.
    KeyJobs(PageContext &context, BulkStrip &strip, QWidget *parent);

    /// `scanIsWhole`: the scan that found the keys has read all keys.
    void start(KeyAct act, const KeySelection &selection, bool scanIsWhole);
    /// `database`: database into which the keys are written.
    void askForImport(int database);

Q_SIGNALS:
    void keysChanged(); ///< keys were created or deleted, so the scan is outdated

private:
    void ask(KeyAct act, const QByteArrayList &keys, const ScanRequest &scan, bool scanIsWhole);
    /// `what`: titles of the selected rows.
    void askToDelete(const QByteArrayList &keys, const QString &what, int database, const QString &extent);
    /// `words`: explanation shown before the time is chosen; empty: none.
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
