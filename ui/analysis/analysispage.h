// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/bigkeysmodel.h"
#include "core/models/namespacemodel.h"
#include "ui/analysis/analysisfeed.h"
#include "ui/shared/page.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QMenu;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace slotscope {

class AnalysisFindings;
class ElidedLabel;
class EmptyState;
class NamespaceMap;
class SegmentedControl;
class SizesCard;
class SlotsCard;
class TableView;
class TtlHistogram;
class TypesCard;

/// Page with reports on all keys. A report is a stored snapshot, made on request.
class AnalysisPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnalysisPage)
public:
    explicit AnalysisPage(PageContext &context, QWidget *parent = nullptr);
    ~AnalysisPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void readAgain() override; ///< reads the key sizes and the list of reports
    bool closeDetail() override; ///< goes up to the namespace above
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] QString unsaved() const override;
    [[nodiscard]] QString heldHere() const override;
    [[nodiscard]] bool isFilled() const override;
    void showExample() override;

    void askToAnalyse();
    void askForFiles(); ///< asks for RDB files
    void showNamespace(int index); ///< shows a namespace of the report
    [[nodiscard]] AnalysisFeed &feed() { return m_feed; }
    [[nodiscard]] NamespaceMap *map() const { return m_map; }
    [[nodiscard]] TableView *keysTable() const { return m_keysTable; }
    [[nodiscard]] AnalysisFindings *findings() const { return m_findings; }
    [[nodiscard]] EmptyState *emptyState() const { return m_empty; }
    [[nodiscard]] QPushButton *startButton() const { return m_start; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] TypesCard *types() const { return m_types; }
    [[nodiscard]] SizesCard *sizes() const { return m_sizes; }
    [[nodiscard]] QString subtitle() const;
    [[nodiscard]] QString noticeText() const; ///< what is missing in the report; empty: nothing
    void act(const AnalysisFinding &finding);
    void compare();

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeStrip();
    QWidget *makeNotice();
    QWidget *makeCards();
    QFrame *makeMapCard();
    QFrame *makeKeysCard();
    QFrame *makeTtlCard();
    QFrame *makeFindingsCard();
    void connectParts();
    void showReport(); ///< shows the current report of the feed
    void connectMap();
    void takeRunning();
    void takeProgress();
    void fillReports();
    void fillExportMenu(QMenu *menu);
    void fillNamespaceMenu(QMenu *menu, int part);
    void updateStack(), updateNotice(), updateMap(), updateKeys();
    void readWhatIsDue(); ///< runs once per session, when the page is shown
    void openPart(int part);
    void fitKeyColumns(bool isNarrow);
    /// why links from the report to other pages are disabled; empty: they are enabled
    [[nodiscard]] QString whyNoActs() const;
    void openKey(const QByteArray &key);
    void browse(const QByteArray &pattern, const QString &how = {});
    void removeReport();

    const Theme &m_theme;
    AnalysisFeed m_feed;
    ClusterViewPtr m_view;
    BigKeysModel m_keys;
    NamespaceModel m_parts;
    AnalysisRequest m_last; ///< last input of the dialog
    int m_within = 0; ///< namespace that is shown
    bool m_hasRead = false; ///< whether the list of reports was read
    bool m_isNarrow = false;
    QList<int> m_withoutRoom; ///< columns hidden because the page is narrow
    bool m_areSizesDue = true; ///< INFO keysizes must be read when the page is shown
    QString m_failure;
    ElidedLabel *m_subtitle = nullptr, *m_mapNote = nullptr, *m_keysNote = nullptr, *m_ttlNote = nullptr,
                *m_findingsNote = nullptr, *m_stripText = nullptr;
    QComboBox *m_reports = nullptr;
    QPushButton *m_compare = nullptr, *m_export = nullptr, *m_start = nullptr, *m_pause = nullptr, *m_stop = nullptr,
                *m_up = nullptr, *m_hotKeys = nullptr, *m_emptyStart = nullptr, *m_fromFiles = nullptr;
    QFrame *m_strip = nullptr, *m_notice = nullptr;
    QLabel *m_stripTitle = nullptr, *m_noticeText = nullptr, *m_legendText = nullptr;
    QProgressBar *m_bar = nullptr;
    SegmentedControl *m_form = nullptr, *m_keysBy = nullptr;
    NamespaceMap *m_map = nullptr;
    TableView *m_bars = nullptr, *m_keysTable = nullptr;
    QStackedWidget *m_mapStack = nullptr;
    TtlHistogram *m_ttl = nullptr;
    TypesCard *m_types = nullptr;
    SizesCard *m_sizes = nullptr;
    QWidget *m_cards = nullptr; ///< the cards of a report
    SlotsCard *m_slots = nullptr;
    AnalysisFindings *m_findings = nullptr;
    EmptyState *m_empty = nullptr;
    QScrollArea *m_scroll = nullptr;
    QBoxLayout *m_lower = nullptr;
};

} // namespace slotscope
