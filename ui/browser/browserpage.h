// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/scanrequest.h"
#include "ui/browser/keyact.h"
#include "ui/browser/editsender.h"
#include "ui/shared/page.h"

class QComboBox;
class QPushButton;
class QSplitter;

namespace slotscope {

class BulkStrip;
class ElidedLabel;
class KeyJobs;
class KeyPane;
class NewKeyDialog;
class SegmentedControl;
class ValuePane;

/// Page with the keys of the cluster and the values of the open keys.
class BrowserPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BrowserPage)
public:
    explicit BrowserPage(PageContext &context, QWidget *parent = nullptr);
    ~BrowserPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    bool closeOwnTab() override; ///< closes the tab of a value
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] bool isFilled() const override;
    [[nodiscard]] QString unsaved() const override;
    [[nodiscard]] QString heldHere() const override;
    [[nodiscard]] QWidget *firstFocus() const override; ///< the list of keys, or the search field if there are no keys
    void showExample() override;

    [[nodiscard]] KeyPane *keys() const { return m_keys; }
    [[nodiscard]] ValuePane *values() const { return m_values; }
    [[nodiscard]] BulkStrip *bulk() const { return m_bulk; }
    [[nodiscard]] QComboBox *scopeBox() const { return m_scope; }
    [[nodiscard]] QComboBox *databaseBox() const { return m_database; }
    [[nodiscard]] QPushButton *newKeyButton() const { return m_new; }
    [[nodiscard]] QPushButton *importButton() const { return m_import; }
    void askForNewKey();

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    void connectParts();
    void takeDoor();
    void takePlace(const QString &place);
    void takeWays(); ///< applies the delimiters and formats saved for this place
    void takeRights();
    void fillScopes();
    void readDatabases();
    void fillDatabases();
    void askForDatabaseName();
    void scanWhereDue();
    void updateSubtitle();
    void makeKey(const QByteArray &key, const Edit &edit, NewKeyDialog *dialog);
    void tellNotMade(const QString &problem);
    void forSelection(KeyAct act);
    void changeDatabase(int database, const std::function<void()> &then);
    void useDatabase(int database);
    void askToChangeDatabase(int database, const std::function<void()> &then);
    [[nodiscard]] ScanRequest scope() const;

    EditSender m_sender;
    ElidedLabel *m_subtitle = nullptr;
    QComboBox *m_scope = nullptr, *m_database = nullptr;
    SegmentedControl *m_form = nullptr;
    QPushButton *m_new = nullptr, *m_import = nullptr;
    KeyPane *m_keys;
    ValuePane *m_values;
    QSplitter *m_split;
    BulkStrip *m_bulk;
    KeyJobs *m_jobs;
    QMap<int, qint64> m_keysIn; ///< number of keys on all primaries, by database
    int m_databaseInUse = 0; ///< database whose keys are shown
    int m_databases = 1; ///< number of databases that the servers have
    bool m_scanDue = true; ///< no scan was started since the session opened
};

} // namespace slotscope
