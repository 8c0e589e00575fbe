// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/formats.h"
#include "core/models/collectionmodel.h"
#include "core/values/valuewindow.h"
#include "ui/browser/valueview.h"

#include <QSet>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QSplitter;

namespace slotscope {

class CodeEdit;
class ElidedLabel;
class RowsView;
class SegmentedControl;
class StreamGroups;
class Theme;
struct ValueServices;

/// Editor for a list, set, sorted set, hash or stream: a table that reads only visible elements, and below it the full
/// current element. Changes of values, scores and times to live are staged and saved together; all other actions take
/// effect at once.
class CollectionEditor final : public ValueView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CollectionEditor)
public:
    CollectionEditor(const Theme &theme, std::shared_ptr<ValueServices> services, QWidget *parent = nullptr);
    ~CollectionEditor() override;

    void setHead(const slotscope::ValueHead &head) override;
    void setReadOnly(bool readOnly) override;
    [[nodiscard]] bool isChanged() const override;
    void prepare(std::function<void(slotscope::Result<slotscope::Edit>)> then) override;
    void takeSaved() override;
    void revert() override;
    [[nodiscard]] QString footText() const override;
    [[nodiscard]] QString changeText() const override;

    [[nodiscard]] CollectionModel *model() { return &m_model; }
    [[nodiscard]] RowsView *table() const { return m_table; }
    [[nodiscard]] QLineEdit *filterField() const { return m_filter; }
    [[nodiscard]] StreamGroups *groups() const { return m_groups; }
    [[nodiscard]] QString noteText() const;
    void fillMenu(QMenu *menu);
    void addElement(); ///< asks for the new element
    void removeSelected(); ///< asks for confirmation

private:
    QWidget *makeBar();
    QWidget *makeStrip();
    void setUpColumns();
    void fitColumns();
    void restart();
    void refreshGrowing();
    void readVisible();
    void readPage(int first);
    void readMore();
    [[nodiscard]] int rowsToRead() const;
    void readTtls(int first, int last);
    void countDown();
    void takeWindow(const Result<ValueWindow> &window, bool byPosition, int first);
    void updateNote();
    void updateStrip();
    void showElement(const QByteArray &bytes, const QString &title);
    void renameCurrent();
    void renameField(const ValueRow &row, const QByteArray &name);
    void editValue();
    void expireCurrent();
    void insertItem(bool after);
    void trim();
    void fillItemMenu(QMenu *menu, const ValueRow &row, int at);
    void refuse(const QString &words);
    [[nodiscard]] bool refusesUnsaved(const QByteArrayList &names);
    [[nodiscard]] QByteArrayList selectedNames() const;
    [[nodiscard]] int currentRow() const;
    [[nodiscard]] QByteArray marker() const;

    const Theme &m_theme;
    std::shared_ptr<ValueServices> m_services;
    ValueHead m_head;
    CollectionModel m_model;
    bool m_readOnly = false;
    quint64 m_round = 0; ///< incremented when everything is read again; replies to older requests are dropped
    QSet<int> m_pagesUnderway;
    bool m_moreUnderway = false, m_ttlsUnderway = false;
    QByteArray m_cursor = "0";
    QLineEdit *m_filter;
    SegmentedControl *m_order;
    ElidedLabel *m_note;
    QPushButton *m_add, *m_trim;
    RowsView *m_table;
    QSplitter *m_split;
    QWidget *m_strip = nullptr;
    ElidedLabel *m_stripTitle = nullptr;
    CodeEdit *m_stripText = nullptr;
    StreamGroups *m_groups;
    quint64 m_stripRound = 0;
    QHash<int, int> m_fitted; ///< width of the widest content seen so far, by column
    QTimer m_countDown;
};

} // namespace slotscope
